package validator

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/wasmstate/wasmstate/module"
)

// Errors validates a whole module and returns its errors, at most limit of them
// and at least one; none when the module is valid. The first is the one that
// [Validate] returns. The others follow in the order of their offsets, so that
// what is invalid may come behind a first one that is malformed and lies further
// back. The list is the same however many goroutines validate the bodies.
//
// There is at most one error for each function body, the one that would be
// reported if it were the only one, and for each section, but for the data
// section, of which every segment is judged. Where a wrong type, import,
// function, table, memory, tag or global makes it unknown what an index means,
// what comes after it is decoded and not judged: what is listed is wrong whatever
// becomes of the other errors. A module that goes past a limit of its sections, or
// is too large, is not looked at further.
//
// It takes as long as validating the module twice. The error is about the call:
// the cause of the context's end.
func Errors(ctx context.Context, wasm []byte, limit int, opts ...Option) ([]*Error, error) {
	_, err := Validate(ctx, wasm, opts...)
	if err == nil {
		return nil, nil
	}
	first, ok := err.(*Error)
	if !ok {
		return nil, err
	}
	r := newRun(ctx, opts, int64(len(wasm)))
	defer r.close()
	large := int64(len(wasm)) > r.config.limits.ModuleSize
	if limit <= 1 || large || first.Kind == Limit && first.Func < 0 {
		return []*Error{first}, nil
	}
	r.config.progress, r.keep = nil, true
	s := survey{run: r, limit: limit}
	r.busy = true // until it returns, which it does not when it panics
	s.module(wasm)
	r.busy = false
	if s.stopped() {
		return nil, context.Cause(ctx)
	}
	return s.list(first), nil
}

// survey is the collection of all errors of a module.
type survey struct {
	run   *run
	limit int
	// untrusted says that an error has left it open what an index means.
	untrusted bool
	errs      []*Error

	// The bodies are shared out as in bodies, in the order of the module.
	mu    sync.Mutex
	next  int       // first task that nobody has taken
	wrong []outcome // of the bodies, not more than needed
}

// stopped reports whether the context has ended.
func (s *survey) stopped() bool { return s.run.stop.Load() }

// module goes through the module and, at its end, through the bodies.
func (s *survey) module(wasm []byte) {
	for consumed := 0; !s.stopped(); {
		p, n, err := s.run.parser.Parse(wasm[consumed:], true)
		if err != nil {
			s.add(fromSyntax(err))
			break
		}
		consumed += n
		if p.Kind == module.End {
			break
		}
		if !s.payload(p) {
			break
		}
	}
	s.bodies()
}

// payload takes what the parser has met, and reports whether to go on.
func (s *survey) payload(p *module.Payload) bool {
	if p.Kind == module.Body {
		if err := s.run.body(p); err != nil {
			s.add(err)
		}
		return true
	}
	err := s.run.payload(p)
	spine := &s.run.spine
	if err == nil && !s.untrusted && spine.invalid != nil {
		err = spine.invalid
		s.forgive(p)
	} else if err != nil {
		s.distrust(err)
	}
	s.add(err)
	e, ok := err.(*Error)
	return err == nil || ok && e.Kind != Limit
}

// add adds an error of the spine, if it is among the first: no more of them than
// are wanted, and one that may turn out to be the one that Validate found.
func (s *survey) add(err error) {
	if e, ok := err.(*Error); ok && len(s.errs) <= s.limit {
		s.errs = append(s.errs, e)
	}
}

// distrust has everything from now on decoded and not judged.
func (s *survey) distrust(err error) {
	s.untrusted = true
	s.run.spine.invalid, _ = err.(*Error)
}

// forgive goes on after a rule broken by p, where what comes later does not
// depend on it.
func (s *survey) forgive(p *module.Payload) {
	spine := &s.run.spine
	switch {
	case p.Kind == module.DataSegmentHead: // which declares no functions
		spine.builder.AddData()
		spine.invalid = nil
		return
	case p.Section.ID == module.SectionExport, p.Section.ID == module.SectionStart:
	case p.Section.ID == module.SectionElement:
		if err := s.declareElems(p.Section); err != nil {
			s.distrust(err)
			return
		}
	default:
		s.untrusted = true
		return
	}
	spine.invalid = nil
	// Which functions the rest of the section mentions was not looked at.
	for i := range spine.decls.Funcs {
		spine.decls.DeclareFunc(uint32(i))
	}
}

// declareElems declares the segments of an element section from the invalid one on.
func (s *survey) declareElems(sec module.Section) error {
	spine := &s.run.spine
	r := &spine.reader
	r.Reset(sec, spine.features)
	if _, err := r.Count(); err != nil {
		return fromSyntax(err)
	}
	for k := 0; r.More() && !s.stopped(); k++ {
		it, err := r.Elem()
		if err != nil {
			return fromSyntax(err)
		}
		for k := 1; r.MoreElems(); k++ {
			if k%4096 == 0 && s.stopped() {
				return nil
			}
			if err := skipElem(r, it.Exprs); err != nil {
				return fromSyntax(err)
			}
		}
		if k < len(spine.decls.Elems) {
			continue
		}
		t, err := spine.valType(it.TypeOffset, it.Type)
		if err != nil {
			return err
		}
		spine.builder.AddElem(module.ElemSegment{Mode: it.Mode, Table: it.Table, Type: t, Count: it.Count})
	}
	return nil
}

// skipElem reads one element of a segment.
func skipElem(r *module.SectionReader, exprs bool) (err error) {
	if exprs {
		_, err = r.ElemExpr()
	} else {
		_, _, err = r.ElemFunc()
	}
	return err
}

// bodies judges the bodies, or decodes them where they cannot be judged.
func (s *survey) bodies() {
	b := &s.run.bodies
	if len(b.tasks) == 0 {
		return
	}
	n := min(s.run.config.workers, 1+b.size/portionBytes)
	for len(b.workers) < n {
		w := new(bodyWorker)
		b.prepare(w, s.run.spine.decls)
		b.workers = append(b.workers, w)
	}
	var group sync.WaitGroup
	for _, w := range b.workers[1:n] {
		group.Go(func() { s.work(w) })
	}
	s.work(b.workers[0])
	group.Wait()
	for _, o := range s.wrong {
		if e, ok := o.err.(*Error); ok {
			s.errs = append(s.errs, e)
		}
	}
}

// work judges portions of the bodies until none is left.
func (s *survey) work(w *bodyWorker) {
	b := &s.run.bodies
	for !s.stopped() {
		first, last := s.portion()
		if first == last {
			return
		}
		for i := first; i < last; i++ {
			if err := s.body(w, &b.tasks[i]); err != nil && err != errStopped {
				s.fail(i, err)
			}
		}
	}
}

// body judges one body.
func (s *survey) body(w *bodyWorker, t *bodyTask) error {
	b := &s.run.bodies
	if s.untrusted {
		return b.decode(w, t.Index, &t.Body)
	}
	return b.judge(w, t.Index, t.TypeIdx, &t.Body)
}

// portion takes the next bodies. There are none once as many errors are known as
// are wanted, because all of those lie before what is left.
func (s *survey) portion() (first, last int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &s.run.bodies
	first = s.next
	if len(s.wrong) >= s.limit {
		return first, first
	}
	for size := 0; s.next < len(b.tasks) && size < portionBytes; s.next++ {
		size += b.tasks[s.next].Body.Size()
	}
	return first, s.next
}

// fail records the error of task i. The error of a portion that is done later
// may still take the place of another.
func (s *survey) fail(i int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, _ := slices.BinarySearchFunc(s.wrong, i, func(o outcome, i int) int { return o.task - i })
	s.wrong = slices.Insert(s.wrong, at, outcome{i, err})
	if len(s.wrong) > s.limit {
		s.wrong = s.wrong[:s.limit]
	}
}

// list returns the errors in their order, with the one that Validate found first.
func (s *survey) list(first *Error) []*Error {
	rest := slices.DeleteFunc(s.errs, func(e *Error) bool {
		return e.Func == first.Func && (e.Func >= 0 || e.Offset == first.Offset)
	})
	slices.SortStableFunc(rest, func(a, b *Error) int { return cmp.Compare(a.Offset, b.Offset) })
	list := append([]*Error{first}, rest...)
	return list[:min(len(list), s.limit)]
}
