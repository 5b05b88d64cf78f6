package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"io"
	"strings"
)

// container is what a file is by its name: a module, or something that modules
// are packed into.
type container int

const (
	bare container = iota
	gzipped
	zipArchive
	tarArchive
	gzippedTar
)

// containerOf returns what the file called name is.
func containerOf(name string) container {
	name = strings.ToLower(name)
	for _, c := range []struct {
		suffix string
		kind   container
	}{{".tar.gz", gzippedTar}, {".tgz", gzippedTar}, {".gz", gzipped}, {".zip", zipArchive}, {".tar", tarArchive}} {
		if strings.HasSuffix(name, c.suffix) {
			return c.kind
		}
	}
	return bare
}

// archive reports whether c may hold more than one file.
func (c container) archive() bool { return c >= zipArchive }

// splitEntry divides the name of a module in an archive into that of the archive
// and that of the entry.
func splitEntry(name string) (archive, entry string, ok bool) {
	for i := range len(name) {
		if name[i] == '!' && containerOf(name[:i]).archive() {
			return name[:i], name[i+1:], true
		}
	}
	return "", "", false
}

// source is one module to be read.
type source struct {
	name  string
	r     io.Reader
	size  int64  // in bytes, as far as it is known; a hint
	path  string // of the file that holds nothing else; "" without one
	found bool   // it was not named itself
}

// errStop ends the walk over the sources of an input.
var errStop = errors.New("stop")

// sources calls visit with each module of the input, in order, until it returns
// an error. Of an archive these are the entries whose names are those of modules,
// or the one entry that was asked for. An error that is not of visit does not say
// which input it is about.
func (in input) sources(stdin io.Reader, unpack int64, visit func(source) error) error {
	if in.err != nil {
		return in.err
	}
	if in.kind == zipArchive {
		return in.zipSources(unpack, visit)
	}
	f, err := in.open(stdin)
	if err != nil {
		return err
	}
	defer f.Close()
	switch in.kind {
	case gzipped:
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		return visit(source{name: in.name, r: newBudget(unpack).limit(z), found: in.found})
	case gzippedTar:
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		return in.tarSources(newBudget(unpack).limit(z), unpack, visit)
	case tarArchive:
		return in.tarSources(f, unpack, visit)
	}
	return visit(source{name: in.name, r: f, size: in.size, path: in.path, found: in.found})
}

// zipSources visits the modules in a zip archive.
func (in input) zipSources(unpack int64, visit func(source) error) error {
	z, err := zip.OpenReader(in.path)
	if err != nil {
		return err
	}
	defer z.Close()
	b, any := newBudget(unpack), false
	for _, f := range z.File {
		if !in.wants(f.Name) || !f.Mode().IsRegular() { // a directory, or a link
			continue
		}
		any = true
		r, err := f.Open()
		if err != nil {
			r = io.NopCloser(failing{err})
		}
		err = visit(in.entrySource(f.Name, b.limit(r)))
		r.Close()
		if err != nil {
			return err
		}
	}
	return in.unlessEmpty(any)
}

// tarSources visits the modules in a tar archive.
func (in input) tarSources(r io.Reader, unpack int64, visit func(source) error) error {
	// An entry with holes yields more bytes than the archive has.
	b, any := newBudget(unpack), false
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return in.unlessEmpty(any)
		}
		if err != nil {
			return err
		}
		// A hard link is to an entry that has been judged.
		if h.Typeflag == tar.TypeLink || !h.FileInfo().Mode().IsRegular() || !in.wants(h.Name) {
			continue
		}
		any = true
		if err := visit(in.entrySource(h.Name, b.limit(t))); err != nil {
			return err
		}
	}
}

// wants reports whether an entry of an archive is to be judged.
func (in input) wants(name string) bool {
	if in.entry != "" {
		return name == in.entry
	}
	return isModuleName(name)
}

func (in input) entrySource(name string, r io.Reader) source {
	if in.entry != "" {
		return source{name: in.name, r: r, found: in.found}
	}
	return source{name: in.name + "!" + name, r: r, found: true}
}

// unlessEmpty returns the error of an archive that was named and has no module.
func (in input) unlessEmpty(any bool) error {
	switch {
	case any || in.found:
		return nil
	case in.entry != "":
		return errors.New("the archive has no such entry")
	}
	return errors.New("no module in this archive")
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
