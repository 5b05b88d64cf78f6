package validator

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
)

// run is the validation of one module: the parser, the spine, and the bodies
// that have been met and not validated yet. Bytes are fed to it in pieces of any
// size; the verdict does not depend on them, nor on how many goroutines validate
// the bodies.
type run struct {
	ctx    context.Context
	config config
	parser module.Parser
	spine  spine
	bodies bodies

	total    int64 // bytes of the module, -1 while unknown
	reported int64
	missing  int         // bytes without which feeding is of no use
	customs  uint64      // custom sections
	stop     atomic.Bool // the context has ended
	release  func() bool // ends the watch over the context
	busy     bool        // feed has not returned; it never does when a callback panics
	// keep says that bodies are collected and not validated.
	keep bool
	// invalid is what was known to be invalid before the bodies that are being
	// validated while the parser goes on.
	invalid *Error
}

// runs keeps runs with their buffers for the next module.
var runs = sync.Pool{New: func() any { return new(run) }}

// newRun returns a run for one module of total bytes, or -1.
func newRun(ctx context.Context, opts []Option, total int64) *run {
	r := runs.Get().(*run)
	r.ctx = ctx
	r.config.set(opts)
	r.total, r.reported, r.customs, r.keep, r.busy = total, 0, 0, false, false
	r.stop.Store(false)
	r.release = nil
	if ctx.Done() != nil {
		r.stop.Store(ctx.Err() != nil)
		r.release = context.AfterFunc(ctx, func() { r.stop.Store(true) })
	}
	features := r.config.features.Effective()
	r.parser.Reset(features)
	r.parser.StopAt(&r.stop)
	r.spine.reset(features, &r.config.limits, &r.stop)
	r.bodies.reset(r)
	return r
}

// close gives the buffers back. The run must not be used afterwards.
func (r *run) close() {
	if r.release != nil && !r.release() {
		// The context has ended: the function that says so may still be about to
		// touch the run, which therefore is not used again.
		return
	}
	if r.busy {
		return // other goroutines may still be using it
	}
	r.ctx, r.release = nil, nil
	r.config = config{}
	r.parser.Reset(noFeatures) // which lets go of the module
	r.spine.forget()
	r.bodies.forget()
	runs.Put(r)
}

// whole validates the module that wasm is. One that is too large is too large at
// the first byte beyond the limit: what is malformed before that comes first, as it
// does where the bytes arrive one after another.
func (r *run) whole(wasm []byte) (*module.Module, error) {
	limits := &r.config.limits
	if int64(len(wasm)) > limits.ModuleSize {
		if _, _, err := r.feed(wasm[:limits.ModuleSize], false); err != nil {
			return nil, err
		}
		return nil, tooLarge(limits)
	}
	if _, _, err := r.feed(wasm, true); err != nil {
		return nil, err
	}
	return r.finish()
}

// feed validates as much of data as it can: the bytes of the module that come
// after those consumed so far. It returns how many it has consumed; the others
// must be fed again, with more behind them. eof says that there are no more. The
// bodies met are validated before it returns, unless they are kept.
func (r *run) feed(data []byte, eof bool) (consumed int, done bool, err error) {
	r.busy = true
	consumed, done, err = r.walk(data, eof)
	if e := r.flush(); e != nil {
		done, err = false, e // it comes first in the module
	}
	if err == nil {
		r.progress(int64(r.parser.Offset()))
	}
	r.busy = false
	return consumed, done, r.explain(err)
}

// walk is feed, but may leave bodies behind that are still to be validated: while
// other goroutines begin with the last of them, it goes on to what follows.
func (r *run) walk(data []byte, eof bool) (consumed int, done bool, err error) {
	for {
		if r.stop.Load() {
			return consumed, false, context.Cause(r.ctx)
		}
		p, n, err := r.parser.Parse(data[consumed:], eof)
		if err != nil {
			return consumed, false, fromSyntax(err)
		}
		consumed += n
		if p.Kind == module.Body {
			if err := r.body(p); err != nil {
				return consumed, false, err
			}
			continue
		}
		if len(r.bodies.tasks) > 0 {
			if err := r.begin(); err != nil {
				return consumed, false, err
			}
		}
		if err := r.payload(p); err != nil {
			if err := r.needed(p, err); err != nil {
				return consumed, false, err
			}
		}
		if p.Kind == module.DataStart || p.Kind == module.DataSegmentHead {
			consumed += r.spine.passSegments(&r.parser, data[consumed:])
		}
		if !r.bodies.active {
			r.progress(int64(r.parser.Offset()))
		}
		if p.Kind == module.NeedMore || p.Kind == module.End {
			r.missing = p.Missing
			return consumed, p.Kind == module.End, nil
		}
	}
}

// needed returns the error of p, unless that would not have been looked for, had the
// bodies before it been validated first: they have another, or one of them is invalid.
func (r *run) needed(p *module.Payload, err error) error {
	if p.Kind != module.DataSegmentHead {
		return err
	}
	if e := r.flush(); e != nil {
		return e
	}
	if r.spine.decodeOnly() {
		return nil
	}
	return err
}

// explain replaces the error of a validation that was stopped by its reason.
func (r *run) explain(err error) error {
	if errors.Is(err, errStopped) {
		return context.Cause(r.ctx)
	}
	return err
}

// payload takes what the parser has met, other than bodies.
func (r *run) payload(p *module.Payload) error {
	s := &r.spine
	switch p.Kind {
	case module.DataSegmentHead: // there may be a hundred thousand
		return s.data(&p.Data)
	case module.WholeSection, module.CodeStart, module.DataStart, module.Custom:
		size := min(uint64(p.Section.Size), math.MaxInt) // a larger section ends too early
		s.builder.AddSection(module.SectionRange{ID: p.Section.ID, Offset: p.Section.ContentOffset, Size: int(size)})
	}
	switch p.Kind {
	case module.CodeStart:
		r.bodies.start(s.builder.Declared(), p.Count)
	case module.DataStart:
		return atMost(p.CountOffset, "data segments", uint64(p.Count), uint64(s.limits.DataSegments))
	case module.Custom:
		r.customs++
		s.builder.AddCustom(p.Custom)
		return atMost(p.Section.Offset, "custom sections", r.customs, uint64(s.limits.CustomSections))
	case module.WholeSection:
		return s.section(p.Section)
	}
	return nil
}

// body takes one function body.
func (r *run) body(p *module.Payload) error {
	s := &r.spine
	_, size, offset, _ := p.Body.Fields()
	if err := atMost(p.SizeOffset, "bytes of a function body", uint64(size), uint64(s.limits.BodySize)); err != nil {
		return err
	}
	index, typeIdx := s.decls.ImportedFuncs+p.Index, uint32(0)
	if int64(index) < int64(len(s.decls.Funcs)) {
		typeIdx = s.decls.Funcs[index]
		s.builder.AddBody(size)
	}
	if p.Truncated {
		r.bodies.truncated.Store(int64(offset))
	}
	if r.config.workers == 1 && !r.keep {
		return r.bodies.one(index, typeIdx, &p.Body)
	}
	if r.bodies.add(bodyTask{Index: index, TypeIdx: typeIdx, Body: p.Body}) && !r.keep {
		return r.flush()
	}
	return nil
}

// begin begins to validate the bodies that are waiting; where there is nobody to
// do so while the parser goes on, it also ends it.
func (r *run) begin() error {
	if r.bodies.closed || r.keep && !r.spine.decodeOnly() {
		return nil
	}
	r.invalid = r.spine.invalid
	if r.bodies.begin() {
		return nil
	}
	return r.flush()
}

// flush validates the bodies that are waiting, or ends what begin has begun.
func (r *run) flush() error {
	if !r.bodies.closed {
		if r.keep && !r.spine.decodeOnly() {
			return nil
		}
		r.invalid = r.spine.invalid
		r.bodies.begin()
	}
	// What was found to be invalid meanwhile comes after the bodies.
	later := r.spine.invalid
	r.spine.invalid = r.invalid
	err := r.bodies.finish()
	if r.spine.invalid == nil {
		r.spine.invalid = later
	}
	return err
}

// ranOut reports whether err may come from nothing but missing bytes.
func ranOut(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Kind == Malformed &&
		(strings.HasPrefix(e.Message, "unexpected end") || strings.HasPrefix(e.Message, "length out of bounds"))
}

// progress reports that done bytes of the module have been validated.
func (r *run) progress(done int64) {
	if r.config.progress != nil && done > r.reported {
		r.reported = done
		r.config.progress(done, r.total)
	}
}

// finish returns the verdict at the end of the module.
func (r *run) finish() (*module.Module, error) {
	if r.spine.invalid != nil {
		return nil, r.spine.invalid
	}
	r.spine.builder.Need(r.parser.Need() | r.spine.decls.Types.Need() | r.spine.consts.need | r.bodies.need())
	if size := int64(r.parser.Offset()); r.config.progress != nil && r.total < 0 {
		r.config.progress(size, size)
	}
	return r.spine.builder.Module(), nil
}
