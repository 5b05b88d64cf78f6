package main

import "context"

// inOrder calls work with the numbers from 0 to n, on several goroutines, report
// with what work yields, in the order of the numbers, and done after each number.
// It returns the first error of report, or the Err of a context that ends; it
// does not wait for work that is then under way.
func inOrder[T any](ctx context.Context, n, goroutines int,
	work func(ctx context.Context, worker, i int, yield func(T) bool), report func(T) error, done func()) error {

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// What is said about the next numbers may wait here, of each number so much.
	const ahead, backlog = 64, 16
	type task struct {
		i   int
		out chan T
	}
	tasks := make(chan task)
	outs := make(chan chan T, ahead)
	go func() {
		defer close(outs)
		defer close(tasks)
		for i := range n {
			t := task{i, make(chan T, backlog)}
			if !send(ctx, outs, t.out) || !send(ctx, tasks, t) {
				return
			}
		}
	}()
	for worker := range goroutines {
		go func() {
			for t := range tasks {
				work(ctx, worker, t.i, func(v T) bool { return send(ctx, t.out, v) })
				close(t.out)
			}
		}()
	}
	for {
		out, ok := receive(ctx, outs)
		if !ok {
			return ctx.Err()
		}
		for {
			v, ok := receive(ctx, out)
			if !ok {
				break
			}
			if err := report(v); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		done()
	}
}

// await waits for work, unless the context ends first; it reports whether work is
// done.
func await(ctx context.Context, work func()) bool {
	done := make(chan bool)
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// send sends v, unless the context ends first.
func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// receive receives a value, unless the channel is closed or the context ends
// first.
func receive[T any](ctx context.Context, from <-chan T) (v T, ok bool) {
	if ctx.Err() != nil {
		return v, false
	}
	select {
	case v, ok = <-from:
		return v, ok
	case <-ctx.Done():
		return v, false
	}
}
