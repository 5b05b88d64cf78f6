package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed page
var page embed.FS

// policy is what the page may do. It says to the browser what the page promises
// to people: that nothing they give it leaves the machine. Scripts, styles and
// the one connection, for the program, are for files of this server only; a name
// out of a module can become text, but never markup or script.
//
// Source: W3C, "Content Security Policy Level 3" and "Trusted Types".
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types worker"

// workerPolicy is that of the worker, the only one that reads modules: it may
// not connect to anything at all.
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"

// file is one file of the site, with its compressed form.
type file struct {
	kind         string // the media type
	etag         string
	policy       string
	plain, short []byte
}

// site serves the files of the page, from memory.
type site map[string]file

// newSite returns the site of the embedded page and what was made for it.
func newSite(m made) (site, error) {
	s := make(site)
	err := fs.WalkDir(page, "page", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := page.ReadFile(name)
		if err != nil {
			return err
		}
		return s.add(strings.TrimPrefix(name, "page/"), content)
	})
	if err != nil {
		return nil, err
	}
	s["/"] = s["/index.html"]
	delete(s, "/index.html")
	if err := s.add("program.wasm", m.program); err != nil {
		return nil, err
	}
	return s, s.add("wasm_exec.js", m.support)
}

// kinds are the media types of the files, by what their names end with.
var kinds = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
}

// add adds a file.
func (s site) add(name string, content []byte) error {
	var short bytes.Buffer
	w, err := gzip.NewWriterLevel(&short, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	f := file{kind: kinds[path.Ext(name)], policy: policy, plain: content, short: short.Bytes(),
		etag: base64.RawURLEncoding.EncodeToString(sum[:12])}
	if name == "worker.js" {
		f.policy = workerPolicy
	}
	s["/"+name] = f
	return nil
}

// ServeHTTP answers with a file.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", f.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	content := f.plain
	etag := f.etag
	if acceptsGzip(r) {
		content, etag = f.short, f.etag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Etag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// acceptsGzip reports whether the client takes compressed content, as every
// browser does.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if name, params, err := mime.ParseMediaType("x/" + strings.TrimSpace(coding)); err == nil &&
			name == "x/gzip" && params["q"] != "0" {
			return true
		}
	}
	return false
}
