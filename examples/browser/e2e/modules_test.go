//go:build !js && !wasip1

package e2e

import (
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// gotool returns a module made by the Go toolchain.
func gotool(t *testing.T) []byte {
	t.Helper()
	return read(t, repository+"/testdata/gotool.wasm")
}

// broken is where a module was broken.
type broken struct {
	index  int    // of the function
	name   string // of the function
	offset int    // of the operator
}

// breakAdd makes an i64.add of an i32.add that has five operators before it, in a
// function in the middle of the module.
func breakAdd(t *testing.T, wasm []byte) ([]byte, broken) {
	t.Helper()
	wasm = append([]byte(nil), wasm...)
	var b broken
	imported := 0
	names := &module.Names{}
	parser := module.NewParser(ops.All)
	for {
		payload, _, err := parser.Parse(wasm[parser.Offset():], true)
		if err != nil {
			t.Fatal(err)
		}
		switch payload.Kind {
		case module.WholeSection:
			if payload.Section.ID == module.SectionImport {
				var r module.SectionReader
				r.Reset(payload.Section, ops.All)
				r.Count()
				for it, ok, err := r.Import(); ok && err == nil; it, ok, err = r.Import() {
					if it.Kind == module.ExternFunc {
						imported++
					}
				}
			}
		case module.Body:
			if payload.Index >= 900 && b.offset == 0 {
				b.index = imported + int(payload.Index)
				b.offset = findAdd(payload.Body)
			}
		case module.Custom:
			if payload.Custom.Name == "name" {
				names, _ = module.ReadNames(payload.Content, payload.Custom.Offset)
			}
		case module.End:
			name, ok := names.Func(uint32(b.index))
			if b.offset == 0 || !ok {
				t.Fatal("the module has no function to break")
			}
			b.name = name
			const i64Add = 0x7c
			wasm[b.offset] = i64Add
			return wasm, b
		}
	}
}

// findAdd returns the offset of an i32.add that can be reached, 0 without one.
func findAdd(body module.FuncBody) int {
	locals, err := body.Locals(ops.All)
	if err != nil {
		return 0
	}
	for locals.More() {
		if _, err := locals.Next(); err != nil {
			return 0
		}
	}
	add, _ := ops.Lookup("i32.add")
	d := ops.NewDecoder(body.Bytes()[locals.Pos():], body.Offset()+locals.Pos(), ops.All)
	met := 0
	for offset, in := range d.All() {
		met++
		if in.Op == add && met > 5 {
			return offset
		}
	}
	return 0
}

// severalMistakes returns a module with a mistake in functions 0, 2 and 3.
func severalMistakes() []byte {
	return validatortest.NewModule().Type("func").
		Func(0, "", "i32.const 1").
		Func(0, "", "nop").
		Func(0, "", "i32.eqz drop").
		Func(0, "", "local.get 7 drop").
		Bytes()
}

// smallPages returns a module that needs custom-page-sizes.
func smallPages() []byte {
	return validatortest.NewModule().Type("func").Memory("1 pagesize=1").Func(0, "", "nop").Bytes()
}

// hostileNames returns a module with a mistake and with names that are markup,
// very long, or turn around what comes after them. The markup is in one line.
func hostileNames() (wasm []byte, markup string) {
	markup = `<img src=x onerror="pwned=1"><script>pwned=1</script>`
	long := strings.Repeat("long", 500_000)
	around := "\u202egnp.exe\x00\x1b[2J"
	list := []byte{3}
	for i, name := range []string{markup, long, around} {
		list = append(list, byte(i))
		list = ops.AppendU32(list, uint32(len(name)))
		list = append(list, name...)
	}
	content := append(ops.AppendU32([]byte{byte(module.NameFunc)}, uint32(len(list))), list...)
	return validatortest.NewModule().Type("func").
		Func(0, "", "i32.const 1 i64.eqz drop").
		Func(0, "", "i32.const 1 f32.neg drop").
		Func(0, "", "i32.const 1 f64.neg drop").
		Export(around, "func 2").
		Data("", markup).
		Custom(markup, []byte(markup)).
		Custom(long, nil).
		Custom("name", content).
		Bytes(), markup
}
