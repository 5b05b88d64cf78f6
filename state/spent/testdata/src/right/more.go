package right

import (
	"errors"
	"iter"
	"slices"
	"sync"

	"handles"
	"helper"
)

func waitsForGoroutine(u unassigned) error {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		u = a.Abandon()
	}()
	<-done
	_ = u.IntoAllocations()
	return nil
}

func waitsForGroup(u unassigned, f function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		err = a.Validate(f.Body)
		u = a.Abandon()
	})
	wg.Wait()
	_ = u.IntoAllocations()
	return err
}

func recovers(u unassigned, f function) (back unassigned, err error) {
	a, err := f.Assign(u)
	if err != nil {
		return u, err
	}
	defer func() {
		if r := recover(); r != nil {
			back, err = a.Abandon(), errors.New("panic")
		}
	}()
	if err := a.Validate(f.Body); err != nil {
		return a.Abandon(), err
	}
	return a.Finish(0)
}

func openFunctions(u unassigned, us []unassigned, events []event) {
	open := map[int]assigned{}
	for i, e := range events {
		if a, ok := open[i]; ok {
			u, _ = a.Finish(i)
			us = append(us, u)
			delete(open, i)
			continue
		}
		if e.kind == 0 && len(us) > 0 {
			n := len(us) - 1
			if a, err := us[n].Assign(0, 0, 0); err == nil {
				open[i] = a
				us = us[:n]
			}
		}
	}
	for _, a := range open {
		_ = a.Abandon()
	}
}

func mapRefreshed(free map[string]unassigned, m module) {
	_ = free["a"].IntoAllocations()
	free["a"] = handles.New(m)
	_ = free["a"].IntoAllocations()
	_ = free["b"].IntoAllocations()
}

func syncPool(p *sync.Pool, f function) {
	u, ok := p.Get().(unassigned)
	if !ok {
		return
	}
	if a, err := f.Assign(u); err == nil {
		u = a.Abandon()
	}
	p.Put(u)
}

type machine struct {
	u      unassigned
	a      assigned
	state  int
	events []event
}

func (m *machine) next() (event, bool) {
	if len(m.events) == 0 {
		return event{}, false
	}
	e := m.events[0]
	m.events = m.events[1:]
	return e, true
}

func (m *machine) run() error {
	for {
		e, ok := m.next()
		if !ok {
			break
		}
		switch m.state {
		case 0:
			a, err := m.u.Assign(0, 0, 0)
			if err != nil {
				return err
			}
			m.a, m.state = a, 1
		case 1:
			if err := m.a.Op(0, e.op); err != nil {
				return err
			}
			if e.kind == 2 {
				u, err := m.a.Finish(0)
				if err != nil {
					return err
				}
				m.u, m.state = u, 0
			}
		}
	}
	if m.state == 1 {
		m.u = m.a.Abandon()
	}
	_ = m.u.IntoAllocations()
	return nil
}

type embedded struct {
	unassigned
	name string
}

func (e *embedded) use() {
	a, err := e.Assign(0, 0, 0)
	if err != nil {
		return
	}
	e.unassigned = a.Abandon()
	_ = e.IntoAllocations()
}

func tryGet(us []unassigned) (assigned, bool) {
	for _, u := range us {
		if a, err := u.Assign(0, 0, 0); err == nil {
			return a, true
		}
	}
	return assigned{}, false
}

func tried(us []unassigned) {
	a, ok := tryGet(us)
	if !ok {
		return
	}
	_ = a.Abandon()
}

func batch(us []unassigned, fs []function) (errs []error) {
	open := make([]assigned, 0, len(us))
	for i, u := range us {
		a, err := fs[i].Assign(u)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		open = append(open, a)
	}
	for i := range open {
		us[i] = open[i].Abandon()
	}
	return errs
}

func sorted(us []unassigned) {
	slices.SortFunc(us, func(u, v unassigned) int {
		return int(u.Resources().NumFuncs()) - int(v.Resources().NumFuncs())
	})
	for _, u := range us {
		helper.Retire(u)
	}
}

func inSequence(u unassigned, steps ...func(assigned) error) (_ unassigned, err error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return u, err
	}
	for _, step := range steps {
		if err = step(a); err != nil {
			break
		}
	}
	if err != nil {
		return a.Abandon(), err
	}
	return a.Finish(0)
}

func withHandle(u unassigned, do func(assigned) error) (unassigned, error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return u, err
	}
	err = do(a)
	back, finishErr := a.Finish(0)
	return back, errors.Join(err, finishErr)
}

type job struct {
	a    assigned
	body handles.Body
}

func jobs(us []unassigned, fs []function, queue chan<- job) {
	for i, f := range fs {
		a, err := f.Assign(us[i])
		if err != nil {
			continue
		}
		queue <- job{a, f.Body}
	}
}

func doJobs(queue <-chan job, free chan<- unassigned) {
	for j := range queue {
		if err := j.a.Validate(j.body); err != nil {
			free <- j.a.Abandon()
			continue
		}
		u, _ := j.a.Finish(len(j.body))
		free <- u
	}
}

func structCopy(w *worker, m module) {
	old := *w
	w.u = handles.New(m)
	_ = old.u.IntoAllocations()
	_ = w.u.IntoAllocations()
}

func conditionalHelper(w *worker, f function) {
	if !w.busy {
		if err := w.begin(f); err != nil {
			return
		}
	}
	if w.busy {
		w.u = w.a.Abandon()
	}
}

func fallsThrough(a assigned, n int) {
	switch {
	case n > 5:
		println("large")
		fallthrough
	case n > 2:
		_ = a.Abandon()
	default:
		_, _ = a.Finish(n)
	}
}

func untilNoError(u unassigned) assigned {
	for i := uint32(0); ; i++ {
		a, err := u.Assign(i, 0, 0)
		if err != nil {
			continue
		}
		return a
	}
}

func lastError(u unassigned, fs []function) (err error) {
	for _, f := range fs {
		var a assigned
		if a, err = f.Assign(u); err != nil {
			break
		}
		if err = a.Validate(f.Body); err != nil {
			u = a.Abandon()
			break
		}
		if u, err = a.Finish(0); err != nil {
			break
		}
	}
	_ = u.IntoAllocations()
	return err
}

//spent:ignore the whole function shows stale handles
func stale(u unassigned) {
	_ = u.IntoAllocations()
	_ = u.IntoAllocations()
	_ = u.IntoAllocations()
}

func serveAll(m module, accept func() error) error {
	for {
		if err := accept(); err != nil {
			return err
		}
		w := newWorker(m)
		go w.close()
	}
}

func newWorker(m module) *worker { return &worker{u: handles.New(m)} }

func try(u unassigned, f function) bool {
	a, err := f.Assign(u)
	if err != nil {
		return false
	}
	_ = a.Abandon()
	return true
}

func tries(u unassigned, fs []function) {
	for _, f := range fs {
		if try(u, f) {
			return
		}
	}
	_ = u.IntoAllocations()
}

func triesInLiteral(u unassigned) error {
	var a assigned
	var err error
	func() {
		a, err = u.Assign(0, 0, 0)
	}()
	if err != nil {
		_ = u.IntoAllocations()
		return err
	}
	_ = a.Abandon()
	return nil
}

func step(u unassigned, f function) unassigned {
	a, err := f.Assign(u)
	if err != nil {
		return u
	}
	return a.Abandon()
}

func steps(u unassigned, fs []function) unassigned {
	for _, f := range fs {
		u = step(u, f)
	}
	return u
}

func parallel(p *pool, fs []function, workers int) error {
	work := make(chan function)
	errs := make(chan error, workers)
	var wg sync.WaitGroup
	for range workers {
		u := p.Get()
		wg.Add(1)
		go func() {
			defer wg.Done()
			for f := range work {
				a, err := f.Assign(u)
				if err != nil {
					errs <- err
					continue
				}
				if err := a.Validate(f.Body); err != nil {
					errs <- err
				}
				u, err = a.Finish(len(f.Body))
				if err != nil {
					errs <- err
				}
			}
			p.Put(u)
		}()
	}
	for _, f := range fs {
		work <- f
	}
	close(work)
	wg.Wait()
	close(errs)
	var all []error
	for err := range errs {
		all = append(all, err)
	}
	return errors.Join(all...)
}

func arrays(m module) {
	var us [4]unassigned
	for i := range us {
		us[i] = handles.New(m)
	}
	for i := range us {
		a, err := us[i].Assign(uint32(i), 0, 0)
		if err != nil {
			continue
		}
		us[i] = a.Abandon()
	}
	for i := len(us) - 1; i >= 0; i-- {
		_ = us[i].IntoAllocations()
	}
}

func ring(us []unassigned, fs []function) {
	next := 0
	for _, f := range fs {
		a, err := f.Assign(us[next])
		if err != nil {
			continue
		}
		us[next] = a.Abandon()
		next = (next + 1) % len(us)
	}
}

func nested(u, v unassigned, outer, inner function) error {
	a, err := outer.Assign(u)
	if err != nil {
		return err
	}
	b, err := inner.Assign(v)
	if err != nil {
		u = a.Abandon()
		_, _ = u.IntoAllocations(), v.IntoAllocations()
		return err
	}
	_, _ = a.Abandon(), b.Abandon()
	return nil
}

func tableTests(m module) {
	for _, test := range []struct {
		name string
		run  func(unassigned) unassigned
	}{
		{"abandon", func(u unassigned) unassigned {
			a, err := u.Assign(0, 0, 0)
			if err != nil {
				return u
			}
			return a.Abandon()
		}},
		{"finish", func(u unassigned) unassigned {
			a, err := u.Assign(0, 0, 0)
			if err != nil {
				return u
			}
			u, _ = a.Finish(0)
			return u
		}},
	} {
		u := test.run(handles.New(m))
		println(test.name, u.Resources().NumFuncs())
	}
}

func eventsFromIterator(u unassigned, events iter.Seq2[int, event]) unassigned {
	var a assigned
	for i, e := range events {
		switch e.kind {
		case 0:
			a, _ = u.Assign(0, 0, i)
		case 1:
			_ = a.Op(i, e.op)
		case 2:
			u, _ = a.Finish(i)
		}
	}
	return u
}

func breaksFromIterator(u unassigned, fs iter.Seq[function]) {
	for f := range fs {
		if f.Index == 7 {
			helper.Retire(u)
			break
		}
	}
}

func firstFromIterator(u unassigned, fs iter.Seq[function]) (assigned, error) {
	for f := range fs {
		if a, err := f.Assign(u); err == nil {
			return a, nil
		}
	}
	return assigned{}, errStop
}

// shared is a place that several goroutines reach.
type shared struct {
	mu sync.Mutex
	ch chan struct{}
	wg sync.WaitGroup
	u  unassigned
}

// What another goroutine may have put there meanwhile is not the handle of before.
func waited(p *pool, s *shared) {
	p.Put(s.u)
	<-s.ch
	p.Put(s.u)
	s.wg.Wait()
	p.Put(s.u)
	s.mu.Unlock()
	s.mu.Lock()
	p.Put(s.u)
	select {
	case <-s.ch:
	default:
	}
	p.Put(s.u)
}

// Idle has the name of a variable in another package.
var Idle unassigned

func namesakes(p *pool) {
	p.Put(Idle)
	p.Put(helper.Idle)
}
