package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progressMode says when to show a progress bar.
type progressMode string

const (
	progressAuto   progressMode = "auto" // on a terminal, for work that takes long
	progressAlways progressMode = "always"
	progressNever  progressMode = "never"
)

// MarshalText and UnmarshalText make a progressMode the value of a flag.
func (m progressMode) MarshalText() ([]byte, error) { return []byte(m), nil }

func (m *progressMode) UnmarshalText(text []byte) error {
	switch mode := progressMode(text); mode {
	case progressAuto, progressAlways, progressNever:
		*m = mode
		return nil
	}
	return fmt.Errorf("want auto, always or never, not %q", text)
}

// patience is how long the command works before it shows a bar unasked.
const patience = 500 * time.Millisecond

// progress is the progress bar over all files, in bytes. A nil one shows
// nothing.
type progress struct {
	bar   *progressbar.ProgressBar
	from  time.Time // when the bar may appear
	shown bool
	base  int64 // bytes of the files before this one
}

// newProgress returns the bar for work on total bytes.
func newProgress(mode progressMode, w io.Writer, total int64) *progress {
	from := time.Now()
	if mode == progressAuto {
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			mode, from = progressAlways, from.Add(patience)
		}
	}
	if mode != progressAlways {
		return nil
	}
	return &progress{from: from, bar: progressbar.NewOptions64(max(total, 1),
		progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionThrottle(50*time.Millisecond),
		progressbar.OptionSetRenderBlankState(false), progressbar.OptionClearOnFinish())}
}

// begin says that the next file has begun.
func (p *progress) begin(name string) {
	if p != nil {
		p.bar.Describe(filepath.Base(name))
		p.advance(0, 0)
	}
}

// end says that the file is done, and how many bytes it had.
func (p *progress) end(size int64) {
	if p != nil {
		p.advance(size, size)
		p.base += size
	}
}

// advance says how much of the file is done.
func (p *progress) advance(done, _ int64) {
	if p == nil || time.Now().Before(p.from) {
		return
	}
	p.shown = true
	at := p.base + done
	if at > p.bar.GetMax64() { // a file of unknown size moves the end of the bar
		p.bar.ChangeMax64(at)
	}
	p.bar.Set64(at)
}

// hide takes the bar off the terminal to make room for a line.
func (p *progress) hide() {
	if p != nil && p.shown {
		p.bar.Clear()
	}
}

// finish takes the bar off the terminal for good.
func (p *progress) finish() {
	if p != nil && p.shown {
		p.bar.Finish()
		p.bar.Clear()
	}
}
