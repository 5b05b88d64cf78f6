package validator

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/state"
)

// Validate validates a whole module and returns its declarations. The bytes must
// not change during the call and are not needed after it.
//
// A module that is refused gets an [*Error]: the first in the order of the file,
// where what is malformed comes before what is invalid, because a module is
// decoded before it is validated. When the context ends first, the error is that
// of the context.
//
// Specification: 7.1 "Embedding", module_decode and module_validate.
func Validate(ctx context.Context, wasm []byte, opts ...Option) (*module.Module, error) {
	return validateBytes(ctx, wasm, newConfig(opts), nil)
}

// Spine validates everything of a module but its function bodies, and returns
// the declarations and one [FuncToValidate] for each body, in order. The
// functions refer to wasm, which must not change as long as they are in use.
//
// A module whose spine is invalid may be malformed in a body; then it is that
// error which is returned, as from [Validate].
func Spine(ctx context.Context, wasm []byte, opts ...Option) (*module.Module, []FuncToValidate[*module.Module], error) {
	c := newConfig(opts)
	funcs := &collector{}
	m, err := validateBytes(ctx, wasm, c, funcs)
	if err != nil {
		return nil, nil, err
	}
	list := make([]FuncToValidate[*module.Module], len(funcs.bodies))
	limits := &c.limits
	for i, body := range funcs.bodies {
		index := m.Decls().ImportedFuncs + uint32(i)
		list[i] = FuncToValidate[*module.Module]{
			Resources: m, Features: c.features, Index: index, TypeIdx: m.FuncType(index), Body: body, limits: limits,
		}
	}
	return m, list, nil
}

// bodySink takes the function bodies of a module as they are met.
type bodySink interface {
	// start is called when the declarations are complete.
	start(m *module.Module, count uint32)
	// body takes the body of the function at index, of the type at typeIdx.
	body(index, typeIdx uint32, b module.FuncBody) error
}

// collector is the sink that keeps the bodies for later.
type collector struct{ bodies []module.FuncBody }

func (c *collector) start(*module.Module, uint32) {}

func (c *collector) body(_, _ uint32, b module.FuncBody) error {
	c.bodies = append(c.bodies, b)
	return nil
}

// serial is the sink that validates each body at once.
type serial struct{ checker checker }

func (s *serial) start(m *module.Module, _ uint32) { s.checker.retarget(m.Decls(), s.checker.features) }

func (s *serial) body(index, typeIdx uint32, b module.FuncBody) error {
	s.checker.enterFunc(index, typeIdx, b.Offset())
	return s.checker.body(b)
}

// run is the validation of one module.
type run struct {
	ctx    context.Context
	config *config
	parser module.Parser
	spine  *spine
	sink   bodySink
	serial serial
	alloc  state.Allocations
	stop   atomic.Bool
}

// validateBytes validates a module that is all there. The bodies go to the sink,
// or are validated at once if there is none.
func validateBytes(ctx context.Context, wasm []byte, c *config, sink bodySink) (*module.Module, error) {
	if err := atMost(0, "bytes of module", uint64(len(wasm)), uint64(c.limits.ModuleSize)); err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, config: c, sink: sink}
	r.parser.Reset(c.features)
	r.spine = newSpine(c.features, &c.limits, &r.alloc)
	r.serial.checker.limits = &c.limits
	r.serial.checker.features = c.features.Effective()
	r.serial.checker.stop = &r.stop
	r.serial.checker.adopt(new(state.Allocations))
	if r.sink == nil {
		r.sink = &r.serial
	}
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, func() { r.stop.Store(true) })()
	}
	pos, total := 0, int64(len(wasm))
	for {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		p, n, err := r.parser.Parse(wasm[pos:], true)
		if err != nil {
			return nil, fromSyntax(err)
		}
		if err := r.payload(p); err != nil {
			if errors.Is(err, errStopped) {
				err = context.Cause(ctx)
			}
			return nil, err
		}
		pos += n
		if c.progress != nil {
			c.progress(int64(r.parser.Offset()), total)
		}
		if p.Kind == module.End {
			return r.finish()
		}
	}
}

// payload takes what the parser has met.
func (r *run) payload(p *module.Payload) error {
	s := r.spine
	if p.Section.ContentOffset != 0 {
		s.builder.AddSection(module.SectionRange{ID: p.Section.ID, Offset: p.Section.ContentOffset, Size: int(p.Section.Size)})
	}
	switch p.Kind {
	case module.WholeSection:
		return s.section(p.Section)
	case module.CodeStart:
		if !s.decodeOnly() {
			r.sink.start(s.builder.Declared(), p.Count)
		}
	case module.Body:
		return r.body(p)
	case module.DataStart:
		return atMost(p.CountOffset, "data segments", uint64(p.Count), uint64(s.limits.DataSegments))
	case module.DataSegmentHead:
		return s.data(&p.Data)
	case module.Custom:
		s.builder.AddCustom(p.Custom)
	}
	return nil
}

// body takes one function body.
func (r *run) body(p *module.Payload) error {
	s := r.spine
	if err := atMost(p.SizeOffset, "bytes of a function body", uint64(p.Body.Size()), uint64(s.limits.BodySize)); err != nil {
		return err
	}
	index := uint64(s.decls.ImportedFuncs) + uint64(p.Index)
	var err error
	if s.decodeOnly() || index >= uint64(len(s.decls.Funcs)) {
		err = r.serial.checker.decodeBody(uint32(index), p.Body, s.hasDataCount)
	} else {
		s.builder.AddBody(p.Body.Size())
		err = s.judge(r.sink.body(uint32(index), s.decls.Funcs[index], p.Body))
	}
	if p.Truncated && ranOut(err) {
		return nil // the parser knows better where the input ends
	}
	return err
}

// ranOut reports whether err may come from nothing but missing bytes.
func ranOut(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == Malformed &&
		(strings.HasPrefix(e.Message, "unexpected end") || strings.HasPrefix(e.Message, "length out of bounds"))
}

// finish returns the verdict at the end of the module.
func (r *run) finish() (*module.Module, error) {
	if r.spine.invalid != nil {
		return nil, r.spine.invalid
	}
	r.spine.builder.Need(r.parser.Need() | r.spine.consts.need | r.serial.checker.need)
	return r.spine.builder.Module(), nil
}
