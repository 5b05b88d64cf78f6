package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

var update = flag.Bool("update", false, "write page/mistake.wasm anew")

// mistake returns the module that the page offers to look at: it computes the
// mean of some integers, and divides by their number without converting it.
func mistake() (wasm []byte, offset int) {
	var names []byte
	for i, name := range []string{"sum", "mean", "clamp"} {
		names = ops.AppendU32(names, uint32(i))
		names = ops.AppendU32(names, uint32(len(name)))
		names = append(names, name...)
	}
	content := append([]byte{1, byte(len(names) + 1), 3}, names...)
	m := validatortest.NewModule().
		Type("func (param i32 i32) (result i64)").
		Type("func (param i32 i32) (result f64)").
		Type("func (param f64 f64 f64) (result f64)").
		Memory("1").
		Func(0, "i64", `
			block
				loop
					local.get 1  i32.eqz  br_if 1
					local.get 2  local.get 0  i64.load  i64.add  local.set 2
					local.get 0  i32.const 8  i32.add  local.set 0
					local.get 1  i32.const 1  i32.sub  local.set 1
					br 0
				end
			end
			local.get 2`).
		Func(1, "", `
			local.get 1
			i32.eqz
			if (result f64)
				f64.const nan
			else
				local.get 0
				local.get 1
				call 0
				f64.convert_i64_s
				local.get 1
				@f64.div
			end`).
		Func(2, "", "local.get 0  local.get 1  f64.max  local.get 2  f64.min").
		Export("mean", "func 1").
		Export("clamp", "func 2").
		Export("memory", "memory 0").
		Data("i32.const 64", "the numbers are written here before mean is called").
		Custom("name", content)
	return m.Bytes(), m.Mark()
}

func TestMistake(t *testing.T) {
	is := is.New(t)
	want, offset := mistake()
	const file = "page/mistake.wasm"
	if *update {
		is.NoErr(os.WriteFile(file, want, 0o644))
	}
	wasm, err := os.ReadFile(file)
	is.NoErr(err)
	is.True(bytes.Equal(wasm, want)) // go test ./examples/browser -update writes it anew
	_, err = validator.Validate(t.Context(), wasm)
	var refused *validator.Error
	is.True(errors.As(err, &refused))
	is.Equal(refused.Kind, validator.Invalid)
	is.Equal(refused.Func, 1)
	is.Equal(refused.Offset, offset)
}

func TestSite(t *testing.T) {
	s, err := newSite(made{program: []byte("\x00asm…"), support: []byte("// support")})
	is.New(t).NoErr(err)
	tests := []struct {
		name, method, path string
		status             int
		kind               string
	}{
		{"page", "GET", "/", 200, "text/html; charset=utf-8"},
		{"script", "GET", "/page.js", 200, "text/javascript; charset=utf-8"},
		{"worker", "GET", "/worker.js", 200, "text/javascript; charset=utf-8"},
		{"style", "GET", "/style.css", 200, "text/css; charset=utf-8"},
		{"icon", "GET", "/icon.svg", 200, "image/svg+xml"},
		{"program", "GET", "/program.wasm", 200, "application/wasm"},
		{"support", "GET", "/wasm_exec.js", 200, "text/javascript; charset=utf-8"},
		{"sample", "GET", "/mistake.wasm", 200, "application/wasm"},
		{"head", "HEAD", "/page.js", 200, "text/javascript; charset=utf-8"},
		{"unknown", "GET", "/secret", 404, "text/plain; charset=utf-8"},
		{"out of the folder", "GET", "/../site.go", 404, "text/plain; charset=utf-8"},
		{"upload", "POST", "/", 405, "text/plain; charset=utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			for _, coding := range []string{"", "gzip, br", "br"} {
				request := httptest.NewRequest(tt.method, tt.path, strings.NewReader("module"))
				request.Header.Set("Accept-Encoding", coding)
				recorder := httptest.NewRecorder()
				s.ServeHTTP(recorder, request)
				answer := recorder.Result()
				is.Equal(answer.StatusCode, tt.status)
				is.Equal(answer.Header.Get("Content-Type"), tt.kind)
				if tt.status != http.StatusOK {
					continue
				}
				is.True(answer.Header.Get("Content-Security-Policy") != "")
				var body io.Reader = answer.Body
				if strings.Contains(coding, "gzip") {
					is.Equal(answer.Header.Get("Content-Encoding"), "gzip")
					if tt.method == "HEAD" {
						continue
					}
					body, err = gzip.NewReader(answer.Body)
					is.NoErr(err)
				}
				content, err := io.ReadAll(body)
				is.NoErr(err)
				if tt.method == "GET" {
					is.Equal(content, s[tt.path].plain)
				}
			}
		})
	}
}

// TestPolicy checks that no directive of the two policies names another origin,
// and that the worker may connect to nothing.
func TestPolicy(t *testing.T) {
	for _, p := range []string{policy, workerPolicy} {
		is := is.New(t)
		is.True(strings.HasPrefix(p, "default-src 'none';"))
		for directive := range strings.SplitSeq(p, ";") {
			for _, word := range strings.Fields(directive)[1:] {
				is.True(word == "'none'" || word == "'self'" || word == "'wasm-unsafe-eval'" || word == "'script'" || word == "worker")
			}
		}
	}
	is.New(t).True(!strings.Contains(workerPolicy, "connect-src"))
}

func TestListen(t *testing.T) {
	is := is.New(t)
	listener, err := listen(context.Background(), "localhost:0")
	is.NoErr(err)
	is.NoErr(listener.Close())
	for _, addr := range []string{":0", "0.0.0.0:0"} {
		_, err := listen(context.Background(), addr)
		is.True(err != nil)
		is.True(strings.Contains(err.Error(), "other machines"))
	}
}
