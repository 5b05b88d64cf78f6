package main

import (
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// patience is how long the command works before it shows a bar unasked.
const patience = 500 * time.Millisecond

// progress is the progress bar over all inputs, in bytes, if one is wanted. It is
// safe for concurrent use.
type progress struct {
	inputs int

	mu    sync.Mutex
	ready int                      // inputs that are done
	bar   *progressbar.ProgressBar // nil when none is wanted
	from  time.Time                // when the bar may appear
	shown bool                     // the bar is on the terminal
	name  string                   // of the input that was begun last
	bytes int64
}

// newProgress returns the progress of work on the inputs.
func newProgress(show when, w io.Writer, inputs []input) *progress {
	p := &progress{inputs: len(inputs)}
	if !show.on(isTerminal(w)) {
		return p
	}
	if p.from = time.Now(); show == auto {
		p.from = p.from.Add(patience)
	}
	total := int64(1)
	for _, in := range inputs {
		total += in.size
	}
	// Beside the bar itself there is room for a title, the rate and the time.
	p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWidth(max(5, min(40, width(w)-64))),
		progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionThrottle(50*time.Millisecond),
		progressbar.OptionSetRenderBlankState(false), progressbar.OptionClearOnFinish())
	return p
}

// inputProgress is the progress of one input. A nil one shows nothing.
type inputProgress struct {
	p    *progress
	done int64 // bytes that are on the bar
	size int64 // bytes that the input takes on the bar
}

// begin says that work on an input begins.
func (p *progress) begin(in input) *inputProgress {
	if p.bar == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name = filepath.Base(in.name)
	return &inputProgress{p: p, size: in.size}
}

// advance says how many bytes of the input are done.
func (i *inputProgress) advance(done int64) {
	if i == nil {
		return
	}
	if i.size > 0 {
		done = min(done, i.size) // what is unpacked may be more
	}
	i.p.add(done - i.done)
	i.done = max(i.done, done)
}

// end says that the input is done.
func (i *inputProgress) end() {
	if i != nil {
		i.advance(i.size)
	}
}

// add moves the bar on.
func (p *progress) add(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += max(n, 0)
	if time.Now().Before(p.from) {
		return
	}
	p.shown = true
	p.bar.Describe(p.title())
	if p.bytes > p.bar.GetMax64() { // a file of unknown size moves the end of the bar
		p.bar.ChangeMax64(p.bytes)
	}
	p.bar.Set64(p.bytes)
}

// title returns what stands before the bar.
func (p *progress) title() string {
	const most = 24
	name := []rune(plainName(p.name))
	if len(name) > most {
		name = append(name[:most-1], '…')
	}
	if p.inputs > 1 {
		return fmt.Sprintf("%d/%d %s", p.ready, p.inputs, string(name))
	}
	return string(name)
}

// count says that everything about one input was said.
func (p *progress) count() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready++
}

// finish takes the bar off the terminal for good.
func (p *progress) finish() {
	p.hide()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from = time.Now().Add(time.Hour)
}

// hide takes the bar off the terminal to make room for a line.
func (p *progress) hide() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		p.bar.Clear()
		p.shown = false
	}
}

// above returns a writer whose lines take the place of the bar.
func (p *progress) above(w io.Writer) io.Writer {
	if p.bar == nil {
		return w
	}
	return lineWriter{p, w}
}

type lineWriter struct {
	p *progress
	w io.Writer
}

func (l lineWriter) Write(b []byte) (int, error) {
	l.p.hide()
	return l.w.Write(b)
}
