package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// dumpFile is the command dump.
func dumpFile(ctx context.Context, c *call) int {
	return c.eachModule(ctx, func(name string, wasm []byte) int {
		out := bufio.NewWriter(c.stdout)
		var err error
		if c.function != "" {
			err = c.dumpFunc(ctx, out, name, wasm)
		} else {
			err = c.dumpSections(ctx, out, name, wasm)
		}
		if err := out.Flush(); err != nil {
			return c.complain(err)
		}
		var refused *validator.Error
		switch {
		case errors.As(err, &refused), ctx.Err() != nil:
			return c.refuse(ctx, name, wasm, err)
		case err != nil:
			return c.report(verdict{trouble: err}.of(name, false))
		}
		return exitValid
	})
}

// dumpSections lists the sections of a module: where each lies with its header,
// how large its contents are, and how many things it has.
func (c *call) dumpSections(ctx context.Context, w io.Writer, name string, wasm []byte) error {
	paint := newStyle(c.color, c.stdout)
	fmt.Fprintf(w, "%s: %s\n", paint.head(plainName(name)), plural(int64(len(wasm)), "byte"))
	heading := "\n" + paint.head(fmt.Sprintf("%10s  %10s  %10s  %s", "offset", "contents", "bytes", "section")) + "\n"
	p := module.NewParser(ops.All)
	for rest := wasm; ; {
		payload, n, err := p.Parse(rest, true)
		if err != nil {
			_, err := validator.Validate(ctx, wasm, validator.WithFeatures(ops.All))
			return err
		}
		rest = rest[n:]
		switch payload.Kind {
		case module.End:
			return nil
		case module.WholeSection, module.CodeStart, module.DataStart, module.Custom:
			s := payload.Section
			fmt.Fprint(w, heading)
			heading = ""
			fmt.Fprintf(w, "%#10x  %#10x  %10d  %s %s\n", s.Offset, s.ContentOffset, s.Size,
				paint.good(fmt.Sprintf("%-12v", s.ID)), contents(payload))
		}
	}
}

// things are what the sections have several of.
var things = map[module.SectionID]string{
	module.SectionType: "type", module.SectionImport: "import", module.SectionFunction: "function",
	module.SectionTable: "table", module.SectionMemory: "memory", module.SectionGlobal: "global",
	module.SectionExport: "export", module.SectionElement: "segment", module.SectionTag: "tag",
}

// contents says what is in a section, as far as it can be said in a few words.
func contents(p *module.Payload) string {
	switch p.Kind {
	case module.CodeStart:
		return plural(int64(p.Count), "function")
	case module.DataStart:
		return plural(int64(p.Count), "segment")
	case module.Custom:
		return fmt.Sprintf("%q", p.Custom.Name)
	}
	var r module.SectionReader
	r.Reset(p.Section, ops.All)
	switch p.Section.ID {
	case module.SectionStart:
		if index, _, err := r.Start(); err == nil {
			return fmt.Sprintf("function %d", index)
		}
	case module.SectionDataCount:
		if n, _, err := r.DataCount(); err == nil {
			return plural(int64(n), "segment")
		}
	default:
		if n, err := r.Count(); err == nil {
			return plural(int64(n), things[p.Section.ID])
		}
	}
	return ""
}

// dumpFunc lists the operators of one function.
func (c *call) dumpFunc(ctx context.Context, w io.Writer, name string, wasm []byte) error {
	m, funcs, err := validator.Spine(ctx, wasm, validator.WithFeatures(ops.All))
	if err != nil {
		return err
	}
	n := newNames(wasm, m)
	index, ok := n.findFunc(c.function)
	imported := int(m.Decls().ImportedFuncs)
	switch {
	case !ok:
		return fmt.Errorf("there is no function %q; the module has %d", c.function, m.NumFuncs())
	case index < imported:
		return fmt.Errorf("function %d %q is imported and has no body", index, n.funcName(index))
	}
	l := listing{
		w: w, paint: newStyle(c.color, c.stdout), width: width(c.stdout), names: n,
		fn: funcs[index-imported],
	}
	if !isTerminal(c.stdout) {
		l.width = 0
	}
	return l.write()
}
