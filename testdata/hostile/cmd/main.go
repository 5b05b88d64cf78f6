// Cmd measures what hostile modules cost: how fast each validates, how much
// memory that takes at most, and how both grow with the size.
//
//	go run ./testdata/hostile/cmd [flags]
//	go run ./testdata/hostile/cmd -run '^wide/' -sizes 1,2,4
//	go run ./testdata/hostile/cmd -driver all -sizes 1,2
//	go run ./testdata/hostile/cmd -run '^br_table$' -sizes 4 -o br_table.wasm
//
// With one driver each size has its columns; with several each driver has, for the
// last size, and a summary of each follows, with all figures of what goes past a bound.
//
// Each module is validated in a process of its own, which reads it from a file, so
// that the peak of its resident memory (Linux only) is that of one validation,
// the Go runtime and the module included. The time is that of the processor (Unix
// only, elsewhere that of the day) in the fastest round: whatever else the machine
// does only adds to it. What takes too long is measured up to three times.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/wasmstate/wasmstate/testdata/hostile"
)

// settings are what the flags say.
type settings struct {
	run     *regexp.Regexp
	sizes   []int // bytes
	rounds  int
	drivers []string
	output  string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == childArg {
		if err := child(os.Args[2:]); err != nil {
			fatal(err)
		}
		return
	}
	s, err := parse(os.Args[1:])
	if err == nil && s.output != "" {
		err = write(s)
	} else if err == nil && len(s.drivers) == 1 {
		err = inDir(s, sizesTable)
	} else if err == nil {
		err = inDir(s, driversTable)
	}
	if err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "hostile:", err)
	os.Exit(1)
}

func parse(args []string) (s settings, err error) {
	flags := flag.NewFlagSet("hostile", flag.ExitOnError)
	run := flags.String("run", "", "only the modules whose names match the `regexp`")
	sizes := flags.String("sizes", "1,2,4", "sizes in `MB`, separated by commas")
	flags.IntVar(&s.rounds, "rounds", 3, "how often each is validated")
	names := flags.String("driver", "validate", "all, or several separated by commas: "+driverNames())
	flags.StringVar(&s.output, "o", "", "write the module to a `file` and measure nothing")
	flags.Parse(args)
	if s.rounds < 1 {
		return s, fmt.Errorf("%d rounds measure nothing", s.rounds)
	}
	if s.run, err = regexp.Compile(*run); err != nil {
		return s, err
	}
	if s.drivers, err = findDrivers(*names); err != nil {
		return s, err
	}
	for word := range strings.SplitSeq(*sizes, ",") {
		mb, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return s, err
		}
		s.sizes = append(s.sizes, int(mb*1e6))
	}
	return s, nil
}

// write writes the one module that is asked for to a file.
func write(s settings) error {
	var found []hostile.Module
	for _, m := range hostile.All() {
		if s.run.MatchString(m.Name) {
			found = append(found, m)
		}
	}
	if len(found) != 1 || len(s.sizes) != 1 {
		return fmt.Errorf("-o wants one module and one size, not %d and %d", len(found), len(s.sizes))
	}
	return os.WriteFile(s.output, found[0].Make(s.sizes[0]), 0o666)
}

// The bounds that a module is marked for going past: MB a second, bytes of peak
// memory for each byte of the module above a fixed part, and growth of the time
// with twice the size.
const (
	minSpeed  = 10
	maxMemory = 30
	fixed     = 16e6
	maxGrowth = 2.5
)

// inDir gives table a file for the modules, and has it print to standard output.
func inDir(s settings, table func(out io.Writer, file string, s settings) error) error {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%s %s/%s, %d processors, the fastest of at most %d rounds\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), s.rounds)
	return table(os.Stdout, filepath.Join(dir, "module.wasm"), s)
}

// measurement is what one module costs.
type measurement struct {
	Size        int     // bytes
	Nanoseconds float64 // of the fastest round
	Peak        float64 // bytes of resident memory; 0 where that is not known
}

func (m measurement) speed() float64  { return float64(m.Size) / m.Nanoseconds * 1e3 }
func (m measurement) memory() float64 { return max(0, m.Peak-fixed) / float64(m.Size) }

// ratio returns by how much the time grows with twice the size: each time that the
// size has doubled since before, be it more than once or not quite. It is 0 where the
// sizes are too near each other to tell, or nothing was measured before.
func (m measurement) ratio(before measurement) float64 {
	doublings := math.Log2(float64(m.Size) / float64(before.Size))
	if before.Size == 0 || doublings < 0.5 {
		return 0
	}
	return math.Pow(m.Nanoseconds/before.Nanoseconds, 1/doublings)
}

// figures returns all that is known of m in words.
func (m measurement) figures(before measurement) string {
	s := fmt.Sprintf("%.3g MB: %.1f MB/s, %.1f × size", float64(m.Size)/1e6, m.speed(), m.memory())
	if growth := m.growth(before); growth != "" {
		s += ", growth " + growth
	}
	return s
}

func (m measurement) growth(before measurement) string {
	if ratio := m.ratio(before); ratio != 0 {
		return fmt.Sprintf("%.2f", ratio)
	}
	return ""
}

// What a measurement is marked for.
const slow, memory, growth = "slow", "memory", "growth"

func (m measurement) remarks(before measurement) (list []string) {
	if m.speed() < minSpeed {
		list = append(list, slow)
	}
	if m.memory() > maxMemory {
		list = append(list, memory)
	}
	if m.ratio(before) > maxGrowth && m.Nanoseconds > 5e6 {
		list = append(list, growth)
	}
	return list
}

// late reports whether there is a remark about the time.
func (m measurement) late(before measurement) bool {
	list := m.remarks(before)
	return slices.Contains(list, slow) || slices.Contains(list, growth)
}

// decode reads what the child has printed.
func decode(b []byte) (m measurement, err error) {
	err = json.Unmarshal(b, &m)
	return m, err
}
