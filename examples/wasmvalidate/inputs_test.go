package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// tree returns a folder with modules in folders, archives and compressed files,
// and with files that are none of these.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "b/good.wasm", good().Bytes())
	put(t, dir, "b/readme.txt", []byte("no module"))
	put(t, dir, "a/deep/wrong.WASM", wrong().Bytes())
	put(t, dir, "a/one.wasm.gz", compressed(t, wrong().Bytes()))
	entries := []entry{
		{"x/good.wasm", good().Bytes()}, {"x/readme.txt", []byte("no module")}, {"x/wrong.wasm", wrong().Bytes()},
	}
	put(t, dir, "c/all.zip", zipped(t, entries...))
	put(t, dir, "c/all.tar", tarred(t, entries...))
	put(t, dir, "c/all.tar.gz", compressed(t, tarred(t, entries...)))
	put(t, dir, "c/all.tgz", compressed(t, tarred(t, entries...)))
	put(t, dir, "d/texts.zip", zipped(t, entry{"readme.txt", nil}))
	put(t, dir, "d/odd[1].wasm", good().Bytes())
	return dir
}

// Which files a name stands for, and how they are called.
func TestInputs(t *testing.T) {
	dir := tree(t)
	for _, test := range []struct {
		name, args string
		status     int
		files      string
	}{
		{"directory", "b", 0, "b/good.wasm"},
		{"directory of directories", "a", 1, "a/deep/wrong.WASM a/one.wasm.gz"},
		{"directory of archives", "c", 1, "c/all.tar!x/good.wasm c/all.tar!x/wrong.wasm " +
			"c/all.tar.gz!x/good.wasm c/all.tar.gz!x/wrong.wasm c/all.tgz!x/good.wasm c/all.tgz!x/wrong.wasm " +
			"c/all.zip!x/good.wasm c/all.zip!x/wrong.wasm"},
		{"this directory", "-files-from -", 0, "b/good.wasm"},
		{"order as given", "b/good.wasm a b", 1, "b/good.wasm a/deep/wrong.WASM a/one.wasm.gz b/good.wasm"},
		{"compressed", "a/one.wasm.gz", 1, "a/one.wasm.gz"},
		{"zip", "c/all.zip", 1, "c/all.zip!x/good.wasm c/all.zip!x/wrong.wasm"},
		{"entry of zip", "c/all.zip!x/good.wasm", 0, "c/all.zip!x/good.wasm"},
		{"entry of tar", "c/all.tgz!x/wrong.wasm", 1, "c/all.tgz!x/wrong.wasm"},
		{"any entry if it is asked for", "c/all.tar!x/readme.txt", 1, "c/all.tar!x/readme.txt"},
		{"no such entry", "c/all.tar!y", 2, "c/all.tar!y"},
		{"archive without a module", "d/texts.zip", 2, "d/texts.zip"},
		{"archive without a module in a directory", "d", 0, "d/odd[1].wasm"},
		{"name that looks like a pattern", "d/odd[1].wasm", 0, "d/odd[1].wasm"},
		{"pattern", "*/*.wasm", 0, "b/good.wasm d/odd[1].wasm"},
		{"deep pattern", "**/*.{wasm,WASM}", 1, "a/deep/wrong.WASM b/good.wasm d/odd[1].wasm"},
		{"pattern that matches directories", "[ab]", 1, "a/deep/wrong.WASM a/one.wasm.gz b/good.wasm"},
		{"pattern that matches directories and what is in them", "{a,b}/**", 1, "a/deep/wrong.WASM a/one.wasm.gz b/good.wasm b/readme.txt"},
		{"pattern that matches nothing", "*.wat", 2, "*.wat"},
		{"bad pattern", "[", 2, "["},
		{"missing", "missing b", 2, "missing b/good.wasm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			r := command(t, dir, "b\n", append([]string{"-json"}, strings.Fields(test.args)...)...)
			is.Equal(r.status, test.status)
			var files []string
			for _, o := range objects(t, r.stdout) {
				files = append(files, filepath.ToSlash(o.File))
			}
			is.Equal(strings.Join(files, " "), test.files)
		})
	}
}

// An empty directory is not a valid module.
func TestEmptyDirectory(t *testing.T) {
	is := is.New(t)
	r := command(t, t.TempDir(), "", ".")
	is.Equal(r.status, 2)
	is.Equal(r.stderr, "wasmvalidate: .: no module in this directory\n")
}

// As text, valid files that were only found are passed over, unless all are
// wanted.
func TestFoundFiles(t *testing.T) {
	dir := tree(t)
	for _, test := range []struct {
		name, args, begin string
		lines             int
	}{
		{"directory", "b", "", 0},
		{"directory, verbose", "-verbose b", "b/good.wasm: valid", 1},
		{"archive", "c/all.zip", "c/all.zip!x/wrong.wasm: invalid", 1},
		{"archive, verbose", "-verbose c/all.zip", "c/all.zip!x/good.wasm: valid", 2},
		{"entry", "c/all.zip!x/good.wasm", "c/all.zip!x/good.wasm: valid", 1},
		{"named", "b/good.wasm", "b/good.wasm: valid", 1},
		{"named, quiet", "-quiet b/good.wasm", "", 0},
		{"pattern", "b/*.wasm", "b/good.wasm: valid", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			r := command(t, dir, "", strings.Fields(test.args)...)
			is.Equal(len(r.lines()), test.lines)
			is.True(strings.HasPrefix(filepath.ToSlash(r.stdout), test.begin))
		})
	}
}

// A link to a module is followed; one that leads in a circle ends nothing.
func TestLinks(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "m/good.wasm", good().Bytes())
	if err := os.Symlink("good.wasm", filepath.Join(dir, "m", "link.wasm")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	is.NoErr(os.Symlink(".", filepath.Join(dir, "m", "circle.wasm")))
	is.NoErr(os.Symlink("..", filepath.Join(dir, "m", "up")))
	is.NoErr(os.Symlink("nowhere", filepath.Join(dir, "m", "dangling.wasm")))
	for _, name := range []string{"m", "**/*.wasm"} {
		r := command(t, dir, "", "-json", name)
		is.Equal(r.status, 2)
		list := objects(t, r.stdout)
		is.Equal(len(list), 3)
		is.Equal(*list[0].Kind, "io")
		is.True(strings.HasPrefix(*list[0].Message, filepath.Join("m", "dangling.wasm")+": "))
		is.Equal(*list[1].Valid, true)
		is.Equal(*list[2].Valid, true)
	}
}

// A link that is named itself is followed; one that a pattern matches is not.
func TestNamedLink(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "m/good.wasm", good().Bytes())
	if err := os.Symlink("m", filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	r := command(t, dir, "", "-verbose", "link")
	is.Equal(r.status, 0)
	is.True(strings.HasPrefix(r.stdout, filepath.Join("link", "good.wasm")+": valid"))
	is.Equal(command(t, dir, "", "lin*").status, 2)
}

// Links in archives are no modules.
func TestLinkEntries(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	var b bytes.Buffer
	tw := tar.NewWriter(&b)
	is.NoErr(tw.WriteHeader(&tar.Header{Name: "a.wasm", Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(good().Bytes()))}))
	_, err := tw.Write(good().Bytes())
	is.NoErr(err)
	is.NoErr(tw.WriteHeader(&tar.Header{Name: "hard.wasm", Linkname: "a.wasm", Typeflag: tar.TypeLink}))
	is.NoErr(tw.WriteHeader(&tar.Header{Name: "soft.wasm", Linkname: "a.wasm", Typeflag: tar.TypeSymlink}))
	is.NoErr(tw.Close())
	put(t, dir, "x.tar", b.Bytes())
	b.Reset()
	zw := zip.NewWriter(&b)
	w, err := zw.Create("a.wasm")
	is.NoErr(err)
	_, err = w.Write(good().Bytes())
	is.NoErr(err)
	link := &zip.FileHeader{Name: "soft.wasm"}
	link.SetMode(os.ModeSymlink | 0o777)
	w, err = zw.CreateHeader(link)
	is.NoErr(err)
	_, err = w.Write([]byte("a.wasm"))
	is.NoErr(err)
	is.NoErr(zw.Close())
	put(t, dir, "x.zip", b.Bytes())
	for _, name := range []string{"x.tar", "x.zip"} {
		r := command(t, dir, "", "-verbose", name)
		is.Equal(r.status, 0)
		is.Equal(len(r.lines()), 1)
		is.True(strings.HasPrefix(r.stdout, name+"!a.wasm: valid"))
	}
}

// A directory that cannot be searched does not pass for one without modules.
func TestForbiddenDirectory(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "m/good.wasm", good().Bytes())
	put(t, dir, "m/secret/wrong.wasm", wrong().Bytes())
	secret := filepath.Join(dir, "m", "secret")
	is.NoErr(os.Chmod(secret, 0))
	defer os.Chmod(secret, 0o700) // so that it can be removed
	if _, err := os.ReadDir(secret); err == nil {
		t.Skip("nothing is forbidden here")
	}
	for _, name := range []string{"m", "m/**/*.wasm"} {
		r := command(t, dir, "", "-verbose", name)
		is.Equal(r.status, 2)
		is.True(strings.HasPrefix(r.stdout, filepath.Join("m", "good.wasm")+": valid"))
		is.True(strings.Contains(r.stderr, ": permission denied\n"))
	}
}

// What comes out of a compressed file or an archive is bounded, also where it is
// only passed over or is made of holes.
func TestUnpackLimit(t *testing.T) {
	// A custom section of zeros: 1 MiB that compress to nearly nothing.
	bomb := append(good().Bytes(), 0, 0x80, 0x80, 0xc0, 0)
	bomb = append(bomb, make([]byte, 1<<20)...)
	dir := t.TempDir()
	put(t, dir, "bomb.wasm.gz", compressed(t, bomb))
	put(t, dir, "two.zip", zipped(t, entry{"a.wasm", bomb}, entry{"b.wasm", bomb}))
	put(t, dir, "skipped.tgz", compressed(t, tarred(t, entry{"a.txt", bomb}, entry{"b.wasm", good().Bytes()})))
	for _, test := range []struct {
		limit, file, kinds string
		status             int
	}{
		{"1000000", "bomb.wasm.gz", "limit", 1},
		{"2000000", "bomb.wasm.gz", "", 0},
		{"1500000", "two.zip", " limit", 1},
		{"9000000", "two.zip", " ", 0},
		{"1000000", "skipped.tgz", "limit", 1},
		{"2000000", "skipped.tgz", "", 0},
	} {
		for _, stream := range []string{"", "-stream"} {
			t.Run(strings.Join([]string{test.file, test.limit, stream}, " "), func(t *testing.T) {
				is := is.New(t)
				args := strings.Fields(strings.Join([]string{"-json", stream, "-unpack-limit", test.limit, test.file}, " "))
				r := command(t, dir, "", args...)
				is.Equal(r.status, test.status)
				var kinds []string
				for _, o := range objects(t, r.stdout) {
					kind := ""
					if o.Kind != nil {
						kind = *o.Kind
						is.True(strings.HasPrefix(*o.Message, "unpacked size: more than the limit of "+test.limit))
					}
					kinds = append(kinds, kind)
				}
				is.Equal(strings.Join(kinds, " "), test.kinds)
			})
		}
	}
}

// The file at the end of the budget is complete.
func TestBudget(t *testing.T) {
	for _, test := range []struct {
		size, limit int64
		ok          bool
	}{{0, 1, true}, {10, 10, true}, {10, 11, true}, {10, 9, false}, {1, 0, false}, {10, math.MaxInt64, true}} {
		is := is.New(t)
		var b bytes.Buffer
		n, err := b.ReadFrom(newBudget(test.limit).limit(bytes.NewReader(make([]byte, test.size))))
		is.Equal(err == nil, test.ok)
		is.Equal(n, min(test.size, test.limit))
	}
}

// A damaged archive is not a malformed module.
func TestDamagedArchives(t *testing.T) {
	dir := t.TempDir()
	archive := zipped(t, entry{"a.wasm", good().Bytes()})
	put(t, dir, "cut.zip", archive[:len(archive)-10])
	put(t, dir, "no.zip", []byte("no archive"))
	put(t, dir, "no.gz", []byte("no archive"))
	put(t, dir, "no.tgz", []byte("no archive"))
	put(t, dir, "no.tar", bytes.Repeat([]byte("no archive"), 200))
	put(t, dir, "cut.wasm.gz", compressed(t, good().Bytes())[:30])
	for _, file := range []string{"cut.zip", "no.zip", "no.gz", "no.tgz", "no.tar", "cut.wasm.gz"} {
		t.Run(file, func(t *testing.T) {
			is := is.New(t)
			r := command(t, dir, "", file)
			is.Equal(r.status, 2)
			is.Equal(r.stdout, "")
			is.True(strings.HasPrefix(r.stderr, "wasmvalidate: "+file+": "))
			is.Equal(*objects(t, command(t, dir, "", "-json", file).stdout)[0].Kind, "io")
		})
	}
}

// Names cannot reach the terminal as commands.
func TestHostileNames(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "a.zip", zipped(t, entry{"\x1b[2J\nfake.wasm: valid\r.wasm", broken().Bytes()}))
	r := command(t, dir, "", "a.zip")
	is.Equal(len(r.lines()), 1)
	is.True(!strings.Contains(r.stdout, "\x1b"))
	is.True(strings.HasPrefix(r.stdout, `"a.zip!\x1b[2J\nfake.wasm: valid\r.wasm": malformed at `))
	is.Equal(objects(t, command(t, dir, "", "-json", "a.zip").stdout)[0].File, "a.zip!\x1b[2J\nfake.wasm: valid\r.wasm")
}
