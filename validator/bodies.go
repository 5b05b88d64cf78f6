package validator

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// How the bodies are shared out, in bytes of code. A batch ends when it is full, so
// that what waits is bounded; nearly every module is one batch. Within it, each
// goroutine takes a portion at a time, so that neither one huge function nor ten
// thousand tiny ones keep it from being balanced. A portion takes about 0.1 ms. The
// other goroutines begin with the first portion that the parser has met.
const (
	batchBytes   = 64 << 20
	batchLen     = 1 << 15 // tasks, of 80 bytes
	portionBytes = 32 << 10
)

// bodyTask is one function body to be validated. Where the bodies are kept, the
// tasks are what [Spine] returns: a module of a million bodies of three bytes has
// no room for two lists of them.
type bodyTask = FuncToValidate[*module.Module]

// bodies are the function bodies of a module that wait to be validated, and the
// goroutines' worth of buffers that validate them.
type bodies struct {
	run   *run
	tasks []bodyTask
	size  int // bytes of code of the tasks
	// truncated is the offset of the body within which the input ends, or 0.
	truncated atomic.Int64
	calls     []packedCall // of the module's types
	workers   []*bodyWorker

	// The state of a batch while it is validated. The order is that of the tasks.
	active   bool       // it is being validated
	closed   bool       // it is complete
	offered  int        // bytes of code of the tasks that others may take
	others   int        // goroutines that help
	mu       sync.Mutex // of what follows, and for those that read closed
	more     sync.Cond  // there are more tasks to take, or it is closed
	shared   []bodyTask // those that may be taken
	next     int        // first of them that nobody has taken
	outcomes []outcome  // the tasks with an error
	end      atomic.Int64
	invalid  atomic.Int64
	done     atomic.Int64 // bytes of code
	group    sync.WaitGroup
}

// bodyWorker is what one goroutine needs.
type bodyWorker struct {
	checker checker
	alloc   state.Allocations
}

// outcome is the error of one task.
type outcome struct {
	task int
	err  error
}

// reset makes b begin with the module of r.
func (b *bodies) reset(r *run) {
	b.run, b.more.L = r, &b.mu
	b.tasks, b.size = b.tasks[:0], 0
	b.truncated.Store(0)
	for _, w := range b.workers {
		w.checker.need = 0
	}
}

// forget lets go of what belongs to the module.
func (b *bodies) forget() {
	b.shared = nil
	clear(b.tasks[:cap(b.tasks)])
	clear(b.outcomes[:cap(b.outcomes)])
	if cap(b.tasks) > batchLen {
		b.tasks = nil
	}
	for _, w := range b.workers {
		w.checker.release()
		w.checker.forget()
	}
}

// minBodySize is the length of the shortest body, its size included, in bytes.
const minBodySize = 3

// start makes ready for the count bodies of m, whose declarations are complete.
// There are at least as many bytes as bodies.
func (b *bodies) start(m *module.Module, count uint32) {
	if len(b.workers) == 0 {
		b.workers = append(b.workers, new(bodyWorker))
	}
	b.calls = packCalls(b.calls[:0], m.Types())
	for _, w := range b.workers {
		b.prepare(w, m.Decls())
	}
	// A count that more bytes would have to back than there are is wrong; how many a
	// stream will have is not known.
	backed := min(int64(count), b.run.total/minBodySize)
	switch {
	case b.run.keep:
		b.tasks = make([]bodyTask, 0, backed)
	case b.run.config.workers > 1:
		b.tasks = slices.Grow(b.tasks, int(min(backed, batchLen)))
	}
}

// prepare points a worker at the declarations.
func (b *bodies) prepare(w *bodyWorker, d *module.Decls) {
	w.checker.limits = &b.run.config.limits
	w.checker.stop = &b.run.stop
	w.checker.retarget(d, b.run.config.features, b.calls)
	w.checker.adopt(&w.alloc)
}

// add adds a body and reports whether it is time to validate.
func (b *bodies) add(t bodyTask) (full bool) {
	b.tasks = append(b.tasks, t)
	b.size += t.Body.Size()
	if b.size-b.offered >= portionBytes && !b.run.keep {
		b.offer(1)
	}
	return b.size >= batchBytes || len(b.tasks) >= batchLen
}

// one validates a body at once. Where there is one worker, nothing is gained by
// waiting, and a batch of its own would take a third as long as a short body.
func (b *bodies) one(index, typeIdx uint32, body *module.FuncBody) error {
	if b.run.stop.Load() {
		return errStopped
	}
	var err error
	if b.run.spine.decodeOnly() {
		err = b.decode(b.workers[0], index, body)
	} else {
		err = b.judge(b.workers[0], index, typeIdx, body)
	}
	if err := b.run.spine.judge(err); err != nil {
		return err
	}
	_, size, offset, _ := body.Fields()
	b.run.progress(int64(offset) + int64(size))
	return nil
}

// need returns the features that the bodies need.
func (b *bodies) need() (f ops.Features) {
	for _, w := range b.workers {
		f |= w.checker.need
	}
	return f
}

// begin lets the other goroutines validate all bodies that are waiting, and says that
// no more will come. It reports whether there are other goroutines; the caller's part
// is left to finish.
func (b *bodies) begin() (others bool) {
	if len(b.tasks) == 0 {
		return false
	}
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.offer(b.size / portionBytes)
	return b.others > 0
}

// offer lets the other goroutines take the tasks that there are, and has up to that
// many more of them help.
func (b *bodies) offer(more int) {
	if !b.active {
		b.activate()
	}
	b.mu.Lock()
	b.shared, b.offered = b.tasks, b.size
	b.mu.Unlock()
	b.more.Broadcast()
	for ; more > 0 && b.others < b.run.config.workers-1; more-- {
		b.others++
		if b.others == len(b.workers) {
			w := new(bodyWorker)
			b.prepare(w, b.run.spine.decls)
			b.workers = append(b.workers, w)
		}
		w := b.workers[b.others]
		b.group.Go(func() { b.work(w, false) })
	}
}

// activate makes ready for a batch.
func (b *bodies) activate() {
	b.active, b.others = true, 0
	b.next, b.outcomes = 0, b.outcomes[:0]
	b.end.Store(math.MaxInt64)
	b.invalid.Store(math.MaxInt64)
	b.done.Store(0)
	if b.run.spine.decodeOnly() {
		b.invalid.Store(-1)
	}
}

// finish validates the rest of the bodies that begin has begun with. It returns the
// error that ends the work: the first that is not about a rule. The first broken
// rule is handed to the spine, like that of any other item of the module.
func (b *bodies) finish() error {
	if !b.active {
		return nil
	}
	b.work(b.workers[0], true)
	b.group.Wait()
	b.active, b.closed, b.offered = false, false, 0
	err := b.verdict()
	b.tasks, b.size = b.tasks[:0], 0
	return err
}

// work validates portions until none is left and none will come.
func (b *bodies) work(w *bodyWorker, caller bool) {
	for {
		first, tasks := b.portion()
		if len(tasks) == 0 {
			return
		}
		size := 0
		for k := range tasks {
			i := first + k
			if int64(i) > b.end.Load() {
				return // an earlier error ends the work
			}
			if err := b.body(w, i, &tasks[k]); err != nil {
				b.fail(i, err)
			}
			size += tasks[k].Body.Size()
		}
		done := b.done.Add(int64(size))
		if caller {
			b.run.progress(int64(b.tasks[0].Body.Offset()) + done)
		}
	}
}

// portion takes the next tasks, of which it returns the number of the first. It waits
// for those that may still come.
func (b *bodies) portion() (first int, tasks []bodyTask) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.next == len(b.shared) && !b.closed {
		b.more.Wait()
	}
	first = b.next
	for size := 0; b.next < len(b.shared) && size < portionBytes; b.next++ {
		size += b.shared[b.next].Body.Size()
	}
	return first, b.shared[first:b.next]
}

// body validates the body of task i, or only decodes it when a rule has been
// broken before it.
func (b *bodies) body(w *bodyWorker, i int, t *bodyTask) error {
	if b.run.stop.Load() {
		return errStopped
	}
	if int64(i) > b.invalid.Load() {
		return b.decode(w, t.Index, &t.Body)
	}
	return b.judge(w, t.Index, t.TypeIdx, &t.Body)
}

// judge validates the body of a function, or only decodes it when the function has no
// type: when the function section is shorter, which the parser will say.
func (b *bodies) judge(w *bodyWorker, index, typeIdx uint32, body *module.FuncBody) error {
	if int64(index) >= int64(len(b.run.spine.decls.Funcs)) {
		return b.decode(w, index, body)
	}
	_, _, offset, _ := body.Fields()
	w.checker.enterFunc(index, typeIdx, offset)
	return b.unlessTruncated(body, w.checker.body(body))
}

// decode decodes the body of a function and judges nothing.
func (b *bodies) decode(w *bodyWorker, index uint32, body *module.FuncBody) error {
	return b.unlessTruncated(body, w.checker.decodeBody(index, body, b.run.spine.hasDataCount))
}

// unlessTruncated returns the error of a body, if it is not that the input ends:
// the parser knows better where.
func (b *bodies) unlessTruncated(body *module.FuncBody, err error) error {
	if err != nil && int64(body.Offset()) == b.truncated.Load() && ranOut(err) {
		return nil
	}
	return err
}

// fail records the error of task i.
func (b *bodies) fail(i int, err error) {
	first := &b.end
	if isInvalid(err) {
		first = &b.invalid
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.outcomes = append(b.outcomes, outcome{i, err})
	first.Store(min(first.Load(), int64(i)))
}

// isInvalid reports whether err is a broken rule.
func isInvalid(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Kind == Invalid
}

// verdict goes through the errors in the order of the module, as if the bodies
// had been validated one after another. Behind the first broken rule a body is
// only decoded; one that was validated all the same, because that was not known
// yet, is decoded now, so that its error is the same however the work was shared.
func (b *bodies) verdict() error {
	slices.SortFunc(b.outcomes, func(x, y outcome) int { return x.task - y.task })
	for _, o := range b.outcomes {
		err := o.err
		if err == errStopped {
			return err // what comes before it may be followed by something malformed
		}
		if b.run.spine.decodeOnly() {
			err = b.decodeTask(o.task)
			if err == nil && !isInvalid(o.err) {
				return b.decodeFrom(o.task + 1) // the work ended here, and need not have
			}
		}
		if err := b.run.spine.judge(err); err != nil {
			return err
		}
	}
	return nil
}

// decodeFrom decodes the tasks from the first on.
func (b *bodies) decodeFrom(first int) error {
	for i := first; i < len(b.tasks); i++ {
		if b.run.stop.Load() {
			return errStopped
		}
		if err := b.decodeTask(i); err != nil {
			return err
		}
	}
	return nil
}

// decodeTask decodes the body of task i.
func (b *bodies) decodeTask(i int) error {
	return b.decode(b.workers[0], b.tasks[i].Index, &b.tasks[i].Body)
}
