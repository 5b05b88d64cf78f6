package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// repository makes a small one in which every gate is open, and returns its folder.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	module := strings.TrimSuffix(modulePath, "/")
	for name, text := range map[string]string{
		"go.mod":             "module " + module + "\n\ngo 1.25.0\n",
		"state/spent/go.mod": "module " + module + "/state/spent\n\ngo 1.25.0\n",
		"state/spent/spent.go": "// Package spent is a module of its own.\n" +
			"package spent\n",
		"ops/ops.go": "// Package ops has one function.\n" +
			"package ops\n\n" +
			"// Sum adds.\n" +
			"func Sum(x, y int) int { return x + y }\n\n" +
			"// T can be compared.\n" +
			"type T struct{ x int }\n",
		"ops/ops_test.go": "package ops\n\nimport \"testing\"\n\nvar sink []int\n\n" +
			"func BenchmarkSum(b *testing.B) { for range b.N { sink = append(sink[:0], Sum(1, 2)) } }\n",
		"testdata/gates/allocs.txt":       "# a comment\n./ops 100x Sum 0\n",
		"testdata/gates/dependencies.txt": "",
		"testdata/gates/api/ops.txt":      "",
	} {
		write(t, filepath.Join(root, name), text)
	}
	_, err := api(root, true)
	is.New(t).NoErr(err)
	return root
}

func write(t *testing.T, name, text string) {
	t.Helper()
	is := is.New(t)
	is.NoErr(os.MkdirAll(filepath.Dir(name), 0o777))
	is.NoErr(os.WriteFile(name, []byte(text), 0o666))
}

// replace changes what a file says.
func replace(t *testing.T, root, name, old, new string) {
	t.Helper()
	is := is.New(t)
	file := filepath.Join(root, name)
	text, err := os.ReadFile(file)
	is.NoErr(err)
	is.True(strings.Contains(string(text), old))
	write(t, file, strings.Replace(string(text), old, new, 1))
}

// Each gate is open until the one thing happens that it is there for. The gate api
// and those that record a state are open again once that is recorded.
func TestGatesClose(t *testing.T) {
	for _, c := range []struct {
		name, gate string
		change     func(t *testing.T, root string)
		want       string // a part of what the gate says
		recorded   bool   // -update opens it
	}{
		{"a function without a comment", "docs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Sum adds.\n", "")
		}, "func Sum has no documentation", false},
		{"a method without a comment", "docs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Sum adds.", "// U is a type.\ntype U int\n\nfunc (U) Method() {}\n\n// Sum adds.")
		}, "func Method has no documentation", false},
		{"a type without a comment", "docs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Sum adds.", "type U int\n\n// Sum adds.")
		}, "type U has no documentation", false},
		{"a field without a comment", "docs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Sum adds.", "// U is a type.\ntype U struct{ Field int }\n\n// Sum adds.")
		}, "U.Field has no documentation", false},
		{"a constant without a comment", "docs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Sum adds.", "const C = 1\n\n// Sum adds.")
		}, "const C has no documentation", false},
		{"a package without a comment", "docs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Package ops has one function.\n", "")
		}, "package " + modulePath + "ops has no documentation", false},
		{"a program without a comment", "docs", func(t *testing.T, root string) {
			write(t, filepath.Join(root, "testdata/tool/main.go"), "package main\n\nfunc main() {}\n")
		}, "testdata/tool has no documentation", false},
		{"a function more", "api", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "// Sum adds.", "// More is new.\nfunc More() {}\n\n// Sum adds.")
		}, modulePath + "ops: new: func More()", true},
		{"a function less", "api", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "func Sum(", "func sum(")
			replace(t, root, "ops/ops_test.go", "Sum(1", "sum(1")
		}, modulePath + "ops: gone: func Sum(", true},
		{"another parameter", "api", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "y int)", "y int, more ...int)")
		}, modulePath + "ops: gone: func Sum(x int, y int) int", true},
		{"values that cannot be compared any more", "api", func(t *testing.T, root string) {
			replace(t, root, "ops/ops.go", "type T struct{ x int }", "type T struct{ x []int }")
		}, modulePath + "ops: new: type T struct, not comparable", true},
		{"a package less", "api", func(t *testing.T, root string) {
			is.New(t).NoErr(os.RemoveAll(filepath.Join(root, "ops")))
		}, "there is no such package", true},
		{"an allocation", "allocs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops_test.go", "sink[:0]", "[]int(nil)")
		}, "BenchmarkSum makes 1 allocations a round, 0 are allowed", true},
		{"a benchmark less", "allocs", func(t *testing.T, root string) {
			replace(t, root, "ops/ops_test.go", "BenchmarkSum", "BenchmarkOther")
		}, "./ops: no benchmark Sum", false},
		{"a dependency", "deps", func(t *testing.T, root string) {
			require, err := os.ReadFile("../../go.mod")
			is.New(t).NoErr(err)
			sums, err := os.ReadFile("../../go.sum")
			is.New(t).NoErr(err)
			write(t, filepath.Join(root, "go.mod"), string(require))
			write(t, filepath.Join(root, "go.sum"), string(sums))
			replace(t, root, "ops/ops.go", "package ops\n", "package ops\n\nimport _ \"github.com/matryer/is\"\n")
		}, "an importer gets, without a reason: package github.com/matryer/is", false},
		{"a dependency of a program", "deps", func(t *testing.T, root string) {
			require, err := os.ReadFile("../../go.mod")
			is.New(t).NoErr(err)
			write(t, filepath.Join(root, "go.mod"), string(require))
		}, "an importer gets, without a reason: version github.com/matryer/is", false},
		{"a dependency less", "deps", func(t *testing.T, root string) {
			write(t, filepath.Join(root, "testdata/gates/dependencies.txt"), "package example.org/other: it has its reason\n")
		}, "no importer gets any more: package example.org/other", true},
	} {
		t.Run(c.gate+": "+c.name, func(t *testing.T) {
			is := is.New(t)
			root, check := repository(t), gates[c.gate]
			problems, err := check(root, false)
			is.NoErr(err)
			is.Equal(problems, nil) // before the change
			c.change(t, root)
			problems, err = check(root, false)
			is.NoErr(err)
			if !strings.Contains(strings.Join(problems, "\n"), c.want) {
				t.Fatalf("got %q, want %q", problems, c.want)
			}
			if !c.recorded {
				return
			}
			_, err = check(root, true)
			is.NoErr(err)
			problems, err = check(root, false)
			is.NoErr(err)
			is.Equal(problems, nil) // once the change is recorded
		})
	}
}
