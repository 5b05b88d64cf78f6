package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/testdata/realmodules"
)

func TestText(t *testing.T) {
	is := is.New(t)
	r := command(t, folder(t), "", "good.wasm", "wrong.wasm", "broken.wasm")
	is.Equal(r.status, 1)
	is.True(strings.HasPrefix(r.stderr, "wasmvalidate: 3 files, "))
	is.True(strings.Contains(r.stderr, ": 1 valid, 1 invalid, 1 malformed ("))
	lines := strings.Split(r.stdout, "\n")
	is.Equal(len(lines), 4)
	is.True(strings.HasPrefix(lines[0], fmt.Sprintf("good.wasm: valid (%d bytes, 1 function, needs simd, ", len(good().Bytes()))))
	is.True(strings.HasPrefix(lines[1],
		fmt.Sprintf(`wrong.wasm: invalid at 0x%x in func 1 "sum": i32.eqz: type mismatch`, wrong().Mark())))
	is.True(strings.HasPrefix(lines[2], "broken.wasm: malformed at 0xb: "))
}

// object is what the JSON contract says of one file.
type object struct {
	File      string
	Valid     *bool
	Kind      *string
	Offset    *int
	Func      *int
	Message   *string
	Feature   *string
	Features  []string
	Functions *int
	Bytes     *int
}

// objects decodes the lines of standard output and fails where a field is
// missing or unknown.
func objects(t *testing.T, stdout string) []object {
	t.Helper()
	var list []object
	for line := range strings.Lines(stdout) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if len(fields) != 10 {
			t.Fatalf("%d fields, want 10: %s", len(fields), line)
		}
		var o object
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&o); err != nil {
			t.Fatal(err)
		}
		list = append(list, o)
	}
	return list
}

func TestJSON(t *testing.T) {
	is := is.New(t)
	r := command(t, folder(t), "", "-json", "wrong.wasm", "good.wasm", "broken.wasm", "exceptional.wasm")
	is.Equal(r.status, 1)
	is.Equal(r.stderr, "")
	list := objects(t, r.stdout)
	is.Equal(len(list), 4)

	o := list[0]
	is.Equal(o.File, "wrong.wasm")
	is.Equal(*o.Valid, false)
	is.Equal(*o.Kind, "invalid")
	is.Equal(*o.Offset, wrong().Mark())
	is.Equal(*o.Func, 1)
	is.True(strings.HasPrefix(*o.Message, "type mismatch"))
	is.Equal(o.Feature, nil)
	is.Equal(*o.Bytes, len(wrong().Bytes()))

	o = list[1]
	is.Equal(*o.Valid, true)
	is.Equal(o.Kind, nil)
	is.Equal(o.Features, []string{"simd"})
	is.Equal(*o.Functions, 1)

	o = list[2]
	is.Equal(*o.Kind, "malformed")
	is.Equal(o.Func, nil)

	o = list[3]
	is.Equal(*o.Kind, "malformed")
	is.Equal(*o.Offset, exceptional().Mark())
	is.Equal(*o.Feature, "legacy-exceptions")
}

func TestFeatures(t *testing.T) {
	dir := folder(t)
	for _, test := range []struct {
		features, file string
		status         int
	}{
		{"mvp,simd", "good.wasm", 0},
		{"mvp", "good.wasm", 1},
		{"default,-simd", "good.wasm", 1},
		{"default,legacy-exceptions", "exceptional.wasm", 0},
		{"default", "exceptional.wasm", 1},
	} {
		t.Run(test.features+" "+test.file, func(t *testing.T) {
			is := is.New(t)
			is.Equal(command(t, dir, "", "-features", test.features, test.file).status, test.status)
		})
	}
}

// A function is called by its export where the name section does not name it.
func TestNameOfExport(t *testing.T) {
	is := is.New(t)
	m := wrong().Func(0, "", "drop").Func(0, "", "drop").Export("sin", "func 1").Export("cos", "func 2").Export("cosine", "func 2")
	r := command(t, "", string(m.Bytes()), "-all", "9", "-")
	lines := r.lines()
	is.Equal(len(lines), 3)
	is.True(strings.Contains(lines[0], ` in func 1 "sum": `))
	is.True(strings.Contains(lines[1], ` in func 2 "cos": `))
	is.True(strings.Contains(lines[2], ` in func 3: `))
}

func TestStandardInput(t *testing.T) {
	is := is.New(t)
	r := command(t, "", string(good().Bytes()), "-json", "-")
	is.Equal(r.status, 0)
	is.Equal(objects(t, r.stdout)[0].File, "-")
}

func TestFilesFrom(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	is.NoErr(os.WriteFile(filepath.Join(dir, "list"), []byte("wrong.wasm\n\ngood.wasm"), 0o666))
	r := command(t, dir, "", "-json", "-files-from", "list", "broken.wasm")
	is.Equal(r.status, 1)
	list := objects(t, r.stdout)
	is.Equal([]string{list[0].File, list[1].File, list[2].File}, []string{"broken.wasm", "wrong.wasm", "good.wasm"})

	r = command(t, dir, "good.wasm\n", "-files-from", "-")
	is.Equal(r.status, 0)
	is.True(strings.HasPrefix(r.stdout, "good.wasm: valid"))
}

// Streaming gives the same verdicts, except that it does not know names.
func TestStream(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	files := []string{"-json", "wrong.wasm", "good.wasm", "broken.wasm", "exceptional.wasm"}
	whole := command(t, dir, "", files...)
	stream := command(t, dir, "", append([]string{"-stream"}, files...)...)
	is.Equal(stream.status, 1)
	is.Equal(stream.stdout, whole.stdout)
	is.Equal(command(t, dir, string(good().Bytes()), "-stream", "-").status, 0)
}

// A file that cannot be read does not keep the others from their verdicts.
func TestUnreadable(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	r := command(t, dir, "", "missing.wasm", "wrong.wasm")
	is.Equal(r.status, 2)
	is.True(strings.Contains(r.stderr, "missing.wasm"))
	is.True(strings.HasPrefix(r.stdout, "wrong.wasm: invalid"))

	r = command(t, dir, "", "-json", "missing.wasm", "good.wasm")
	is.Equal(r.status, 2)
	list := objects(t, r.stdout)
	is.Equal(*list[0].Kind, "io")
	is.Equal(*list[0].Valid, false)
	is.True(strings.Contains(*list[0].Message, "missing.wasm"))
	is.Equal(*list[1].Valid, true)
}

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		name, stderr string
		status       int
		args         []string
	}{
		{"nothing", "no file is named", 2, nil},
		{"unknown flag", "not defined: -unknown", 2, []string{"-unknown"}},
		{"unknown feature", `unknown feature "nonsense"`, 2, []string{"-features", "nonsense", "good.wasm"}},
		{"workers", "-workers must not be negative", 2, []string{"-workers", "-1", "good.wasm"}},
		{"progress", "want auto, always or never", 2, []string{"-progress", "soon", "good.wasm"}},
		{"list that is none", "a line is too long", 2, []string{"-files-from", "zeros"}},
		{"command behind flags", "a command comes before flags", 2, []string{"-quiet", "features"}},
		{"no list", "no such list", 2, []string{"-files-from", "no such list"}},
		{"standard input twice", "only once", 2, []string{"-", "-"}},
		{"list is no number", "invalid value", 2, []string{"-all", "many", "good.wasm"}},
		{"no error wanted", "-all must be at least 1", 2, []string{"-all", "0", "good.wasm"}},
		{"unknown format", "want text, json, sarif or github", 2, []string{"-format", "xml", "good.wasm"}},
		{"two formats", "exclude each other", 2, []string{"-json", "-format", "sarif", "good.wasm"}},
		{"quiet and verbose", "exclude each other", 2, []string{"-quiet", "-verbose", "good.wasm"}},
		{"flag behind the files", "flags come before files", 2, []string{"missing.wasm", "-json"}},
		{"no module to dump", "no file is named", 2, []string{"dump"}},
		{"two modules to dump", "dump wants one FILE", 2, []string{"dump", "good.wasm", "wrong.wasm"}},
		{"flag of another command", "not defined: -func", 2, []string{"-func", "0", "good.wasm"}},
		{"unknown shell", "want bash, zsh or fish", 2, []string{"completion", "sh"}},
		{"manual of something", "man takes no arguments", 2, []string{"man", "ls"}},
		{"help", "usage: wasmvalidate", 0, []string{"-h"}},
		{"help of nothing", "want features, dump, completion, man or help", 2, []string{"help", "nothing"}},
		{"help of several", "help wants no more than one COMMAND", 2, []string{"help", "man", "dump"}},
		{"help of a command", "usage: wasmvalidate dump [flags] FILE", 0, []string{"dump", "-h"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			dir := folder(t)
			put(t, dir, "zeros", make([]byte, 1<<20))
			r := command(t, dir, "", test.args...)
			is.Equal(r.status, test.status)
			is.Equal(r.stdout, "")
			is.True(strings.Contains(r.stderr, test.stderr))
		})
	}
}

func TestProgress(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	r := command(t, dir, "", "-progress", "always", "good.wasm")
	is.Equal(r.status, 0)
	is.True(strings.Contains(r.stderr, "good.wasm")) // the bar names the file
	is.True(strings.HasPrefix(r.stdout, "good.wasm: valid"))
	r = command(t, dir, "", "-progress", "auto", "good.wasm")
	is.Equal(r.stderr, "") // it is no terminal
}

// The verdicts on real modules, and on what is left of them when they are cut.
func TestRealModules(t *testing.T) {
	for _, m := range realmodules.All() {
		t.Run(m.Name, func(t *testing.T) {
			is := is.New(t)
			r := command(t, "", string(m.Bytes), "-json", "-")
			is.Equal(r.status, 0)
			is.True(*objects(t, r.stdout)[0].Functions > 10)
			r = command(t, "", string(m.Bytes[:len(m.Bytes)/2]), "-json", "-")
			is.Equal(r.status, 1)
			is.Equal(*objects(t, r.stdout)[0].Kind, "malformed")
		})
	}
}
