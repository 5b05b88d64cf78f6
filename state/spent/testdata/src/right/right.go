package right

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"

	"handles"
	"helper"
)

type (
	module     = *handles.Module
	unassigned = handles.UnassignedFuncValidator[module]
	assigned   = handles.AssignedFuncValidator[module]
	function   = handles.FuncToValidate[module]
	pool       = handles.Pool[module]
)

var errStop = errors.New("stop")

func loop(u unassigned, fs []function) (unassigned, error) {
	for _, f := range fs {
		a, err := f.Assign(u)
		if err != nil {
			return u, err
		}
		if err := a.Validate(f.Body); err != nil {
			return a.Abandon(), err
		}
		u, err = a.Finish(len(f.Body))
		if err != nil {
			return u, err
		}
	}
	return u, nil
}

func abandonAndGoOn(u unassigned, fs []function) (failed int) {
	for _, f := range fs {
		a, err := f.Assign(u)
		if err != nil {
			failed++
			continue
		}
		if err := a.Validate(f.Body); err != nil {
			failed++
			u = a.Abandon()
			continue
		}
		if u, err = a.Finish(0); err != nil {
			failed++
		}
	}
	_ = u.IntoAllocations()
	return failed
}

func retryAfterFailure(u unassigned) (assigned, error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		a, err = u.Assign(1, 0, 0)
	}
	if err != nil {
		_ = u.IntoAllocations()
		return assigned{}, err
	}
	return a, nil
}

func firstThatFits(u unassigned, candidates []uint32) (assigned, error) {
	var errs []error
	for _, i := range candidates {
		a, err := u.Assign(i, 0, 0)
		if err == nil {
			return a, nil
		}
		errs = append(errs, err)
	}
	return assigned{}, errors.Join(errs...)
}

func asksErrorsIs(u unassigned) {
	a, err := u.Assign(0, 0, 0)
	if errors.Is(err, handles.ErrSpent) {
		_ = u.IntoAllocations()
		return
	}
	if err != nil {
		return
	}
	_ = a.Abandon()
}

func switchOnError(u unassigned) error {
	a, err := u.Assign(0, 0, 0)
	switch {
	case err == nil:
		_ = a.Abandon()
	case errors.Is(err, errStop):
		_ = u.IntoAllocations()
	default:
		_ = u.IntoAllocations()
		return err
	}
	return nil
}

func exclusiveBranches(a assigned, give bool) unassigned {
	if give {
		return a.Abandon()
	}
	u, _ := a.Finish(0)
	return u
}

func sameConditionTwice(a assigned, quick bool) {
	if quick {
		_ = a.Abandon()
	}
	println("in between")
	if !quick {
		_, _ = a.Finish(0)
	}
}

func flagSaysSo(u unassigned, fs []function) {
	retired := false
	for _, f := range fs {
		if !retired && f.Index == 7 {
			helper.Retire(u)
			retired = true
		}
	}
	if !retired {
		helper.Retire(u)
	}
}

func otherConditions(a assigned, names []string) {
	if len(names) > 0 {
		_ = a.Abandon()
	}
	if len(names) == 0 {
		_, _ = a.Finish(0)
	}
}

func breakAfter(u unassigned, fs []function, index uint32) {
	for _, f := range fs {
		if f.Index == index {
			helper.Retire(u)
			break
		}
	}
}

func returnAfter(u unassigned, fs []function) bool {
	for _, f := range fs {
		if f.Index == 3 {
			_ = u.IntoAllocations()
			return true
		}
	}
	_ = u.IntoAllocations()
	return false
}

type event struct {
	kind int
	op   byte
}

func stateMachine(u unassigned, events []event) error {
	var a assigned
	var err error
	open := false
	for i, e := range events {
		switch e.kind {
		case 0:
			if a, err = u.Assign(uint32(i), 0, i); err != nil {
				return err
			}
			open = true
		case 1:
			if err := a.Op(i, e.op); err != nil {
				return err
			}
		case 2:
			if u, err = a.Finish(i); err != nil {
				return err
			}
			open = false
		}
	}
	if open {
		_ = a.Abandon()
	}
	return nil
}

func trustsItsEvents(u unassigned, events []event) unassigned {
	var a assigned
	for i, e := range events {
		if e.kind == 0 {
			a, _ = u.Assign(0, 0, i)
		}
		if e.kind == 1 {
			_ = a.Op(i, e.op)
		}
		if e.kind == 2 {
			u, _ = a.Finish(i)
		}
	}
	return u
}

type worker struct {
	u    unassigned
	a    assigned
	busy bool
	next *worker
}

func (w *worker) run(f function) error {
	a, err := f.Assign(w.u)
	if err != nil {
		return err
	}
	if err := a.Validate(f.Body); err != nil {
		w.u = a.Abandon()
		return err
	}
	w.u, err = a.Finish(0)
	return err
}

func (w *worker) all(fs []function) error {
	for _, f := range fs {
		if err := w.run(f); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) begin(f function) error {
	if w.busy {
		w.u = w.a.Abandon()
		w.busy = false
	}
	a, err := f.Assign(w.u)
	if err != nil {
		return err
	}
	w.a, w.busy = a, true
	return nil
}

func (w *worker) close() {
	if w.busy {
		w.u = w.a.Abandon()
		w.busy = false
	}
	_ = w.u.IntoAllocations()
}

func (w *worker) again(m module) {
	_ = w.u.IntoAllocations()
	w.reset(m)
	_ = w.u.IntoAllocations()
}

func (w *worker) reset(m module) { w.u = handles.New(m) }

func (w *worker) replaced(m module) {
	_ = w.u.IntoAllocations()
	*w = worker{u: handles.New(m)}
	_ = w.u.IntoAllocations()
}

func resetElsewhere(w *helper.Worker, m module) {
	w.Close()
	w.Reset(m)
	w.Close()
}

func twoOwners(w, v *worker) {
	_ = w.u.IntoAllocations()
	_ = v.u.IntoAllocations()
}

func list(w *worker) {
	for ; w != nil; w = w.next {
		_ = w.u.IntoAllocations()
	}
}

func elements(us []unassigned) {
	for i := range us {
		_ = us[i].IntoAllocations()
	}
	for _, u := range us[:0] {
		_ = u.IntoAllocations()
	}
}

func stack(us []unassigned) {
	for len(us) > 0 {
		u := us[len(us)-1]
		us = us[:len(us)-1]
		_ = u.IntoAllocations()
	}
}

func swapped(u, v unassigned, n int) {
	for range n {
		a, err := u.Assign(0, 0, 0)
		if err != nil {
			return
		}
		u, v = v, a.Abandon()
	}
	_, _ = u.IntoAllocations(), v.IntoAllocations()
}

func pooled(ctx context.Context, p *pool, fs []function) error {
	for _, f := range fs {
		u := p.Get()
		a, err := f.Assign(u)
		if err != nil {
			p.Put(u)
			return err
		}
		if err := a.Validate(f.Body); err != nil {
			p.Put(a.Abandon())
			return err
		}
		u, err = a.Finish(0)
		p.Put(u)
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
	return nil
}

func deferredPut(p *pool, f function) (err error) {
	u := p.Get()
	defer func() { p.Put(u) }()
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	if err = a.Validate(f.Body); err != nil {
		u = a.Abandon()
		return err
	}
	u, err = a.Finish(0)
	return err
}

func deferredUnlessDone(u unassigned, f function) (back unassigned, err error) {
	a, err := f.Assign(u)
	if err != nil {
		return u, err
	}
	done := false
	defer func() {
		if !done {
			back = a.Abandon()
		}
	}()
	if err := a.Validate(f.Body); err != nil {
		return back, err
	}
	done = true
	return a.Finish(0)
}

func deferredFinish(u unassigned, ops []byte) (err error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	defer func() {
		_, e := a.Finish(len(ops))
		err = errors.Join(err, e)
	}()
	for i, op := range ops {
		if err := a.Op(i, op); err != nil {
			return err
		}
	}
	return nil
}

func goroutines(p *pool, fs []function) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			u := p.Get()
			defer func() { p.Put(u) }()
			if a, err := f.Assign(u); err == nil {
				u = a.Abandon()
			}
		}()
	}
	wg.Wait()
}

func handedToGoroutine(us []unassigned) {
	for _, u := range us {
		go helper.Retire(u)
	}
}

func channels(in <-chan function, free chan unassigned, out chan<- error) {
	for f := range in {
		u := <-free
		a, err := f.Assign(u)
		if err != nil {
			free <- u
			out <- err
			continue
		}
		err = a.Validate(f.Body)
		free <- a.Abandon()
		out <- err
	}
}

func sentAway(u unassigned, open chan<- assigned) error {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	open <- a
	return nil
}

func keptInMap(u unassigned, open map[uint32]assigned) error {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	open[a.Index()] = a
	return nil
}

func keptInSlice(us []unassigned) (open []assigned) {
	for _, u := range us {
		if a, err := u.Assign(0, 0, 0); err == nil {
			open = append(open, a)
		}
	}
	return open
}

func keptInStruct(u unassigned) (*worker, error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return nil, err
	}
	return &worker{a: a, busy: true}, nil
}

func keptInStructValue(u unassigned) (worker, error) {
	var w worker
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return w, err
	}
	w.a = a
	return w, nil
}

func callback(u unassigned, visit func(assigned) unassigned) error {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	u = visit(a)
	_ = u.IntoAllocations()
	return nil
}

func literalRefreshes(u unassigned, fs []function) error {
	run := func(f function) error {
		a, err := f.Assign(u)
		if err != nil {
			return err
		}
		err = a.Validate(f.Body)
		u = a.Abandon()
		return err
	}
	for _, f := range fs {
		if err := run(f); err != nil {
			return err
		}
	}
	_ = u.IntoAllocations()
	return nil
}

func rangeOverFunc(u unassigned, ops iter.Seq2[int, byte]) (unassigned, error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return u, err
	}
	for i, op := range ops {
		if err := a.Op(i, op); err != nil {
			return a.Abandon(), fmt.Errorf("operator %d: %w", i, err)
		}
	}
	return a.Finish(0)
}

func iteratedFunctions(u unassigned, fs iter.Seq[function]) error {
	for f := range fs {
		a, err := f.Assign(u)
		if err != nil {
			return err
		}
		err = a.Validate(f.Body)
		u = a.Abandon()
		if err != nil {
			return err
		}
	}
	_ = u.IntoAllocations()
	return nil
}

func mustAssign(u unassigned) assigned {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		panic(err)
	}
	return a
}

func exits(u unassigned) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := a.Op(0, 1); err != nil {
		die(err)
	}
	_ = a.Abandon()
}

func die(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func dead(u unassigned) {
	helper.Retire(u)
	die(errStop)
	_ = u.IntoAllocations()
}

func buffersRoundAndRound(ms []module) *handles.Allocations {
	buffers := new(handles.Allocations)
	for _, m := range ms {
		u := handles.NewWithAllocations(m, buffers)
		a, err := u.Assign(0, 0, 0)
		if err == nil {
			u = a.Abandon()
		}
		buffers = u.IntoAllocations()
	}
	return buffers
}

func noBuffers(ms []module) {
	for _, m := range ms {
		_ = handles.NewWithAllocations(m, nil)
	}
}

func askedWhenSpent(u unassigned) uint32 {
	helper.Retire(u)
	return u.Resources().NumFuncs()
}

func printedWhenSpent(u unassigned) {
	helper.Retire(u)
	fmt.Println("retired", u)
}

func staleOnPurpose(a assigned) bool {
	_ = a.Abandon()
	//spent:ignore this shows what a stale handle answers
	err := a.Op(0, 1)
	return errors.Is(err, handles.ErrSpent)
}

func generic[R handles.Resources](u handles.UnassignedFuncValidator[R], fs []handles.FuncToValidate[R]) (handles.UnassignedFuncValidator[R], error) {
	for _, f := range fs {
		a, err := f.Assign(u)
		if err != nil {
			return u, err
		}
		if u, err = a.Finish(0); err != nil {
			return u, err
		}
	}
	return u, nil
}

func maybeDone(a assigned, really bool) {
	if !helper.MaybeDone(a, really) {
		_ = a.Abandon()
	}
}

func methodValue(a assigned, u unassigned) func(int) (unassigned, error) {
	if u.Resources() == nil {
		return a.Finish
	}
	finish := a.Finish
	_, _ = finish(0)
	return nil
}

func interfaceLoop(fs []handles.Finisher[module]) {
	for _, f := range fs {
		if f.Index() > 0 {
			_, _ = f.Finish(0)
		}
	}
}

func gotoRetry(u unassigned, tries int) error {
retry:
	a, err := u.Assign(uint32(tries), 0, 0)
	if err != nil {
		if tries--; tries > 0 {
			goto retry
		}
		return err
	}
	_ = a.Abandon()
	return nil
}

func namedResults(u unassigned) (a assigned, err error) {
	a, err = u.Assign(0, 0, 0)
	return
}

func pointerToHandle(u *unassigned, fs []function) {
	for _, f := range fs {
		if a, err := f.Assign(*u); err == nil {
			*u = a.Abandon()
		}
	}
}

func refill(u *unassigned, m module) { *u = handles.New(m) }

func refilled(u unassigned, m module) {
	helper.Retire(u)
	refill(&u, m)
	helper.Retire(u)
}

func selectLoop(ctx context.Context, a assigned, ops <-chan byte) unassigned {
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return a.Abandon()
		case op, ok := <-ops:
			if !ok {
				u, _ := a.Finish(i)
				return u
			}
			if a.Op(i, op) != nil {
				return a.Abandon()
			}
		}
	}
}

func recursion(u unassigned, fs []function) unassigned {
	if len(fs) == 0 {
		return u
	}
	a, err := fs[0].Assign(u)
	if err != nil {
		return recursion(u, fs[1:])
	}
	return recursion(a.Abandon(), fs[1:])
}

func errorFlag(u unassigned) error {
	a, err := u.Assign(0, 0, 0)
	ok := err == nil
	if !ok {
		helper.Retire(u)
		return err
	}
	_ = a.Abandon()
	return nil
}

func begunElsewhere(u unassigned) error {
	a, err := helper.Begin(u, 0)
	if err != nil {
		_ = u.IntoAllocations()
		return err
	}
	_ = a.Abandon()
	return nil
}

func runElsewhere(w *helper.Worker, bodies []handles.Body) {
	for _, b := range bodies {
		if err := w.Run(b); err != nil {
			fmt.Println(err)
		}
	}
	w.Close()
}

func once(u unassigned) func() {
	var o sync.Once
	return func() { o.Do(func() { helper.Retire(u) }) }
}

func comparison(u unassigned) bool {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return false
	}
	v := a.Abandon()
	return u != v
}
