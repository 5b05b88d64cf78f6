package report

import (
	"iter"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// sections returns an iterator over the sections of a module, as far as they can
// be told apart. What it yields is valid until the next step.
func sections(wasm []byte) iter.Seq[*module.Payload] {
	return func(yield func(*module.Payload) bool) {
		parser := module.NewParser(ops.All)
		for {
			payload, _, err := parser.Parse(wasm[parser.Offset():], true)
			if err != nil || payload.Kind == module.End {
				return
			}
			switch payload.Kind {
			case module.WholeSection, module.CodeStart, module.DataStart, module.Custom:
				if !yield(payload) {
					return
				}
			}
		}
	}
}

// imports returns an iterator over the imports in an import section, as far as
// they can be read.
func imports(section module.Section) iter.Seq[module.ImportItem] {
	return func(yield func(module.ImportItem) bool) {
		var r module.SectionReader
		r.Reset(section, ops.All)
		if _, err := r.Count(); err != nil {
			return
		}
		for r.More() {
			it, ok, err := r.Import()
			if err != nil || !ok || !yield(it) {
				return
			}
		}
	}
}

// exports returns an iterator over the exports in an export section, as far as
// they can be read.
func exports(section module.Section) iter.Seq[module.ExportItem] {
	return func(yield func(module.ExportItem) bool) {
		var r module.SectionReader
		r.Reset(section, ops.All)
		if _, err := r.Count(); err != nil {
			return
		}
		for r.More() {
			it, err := r.Export()
			if err != nil || !yield(it) {
				return
			}
		}
	}
}

// importedFuncs counts the functions that a module imports.
func importedFuncs(wasm []byte) int {
	n := 0
	for s := range sections(wasm) {
		if s.Section.ID != module.SectionImport {
			continue
		}
		for it := range imports(s.Section) {
			if it.Kind == module.ExternFunc {
				n++
			}
		}
	}
	return n
}
