package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/testdata/hostile"
)

// sizesTable measures with one driver and prints a line for each module, as soon as
// it is known, with columns for each size.
func sizesTable(out io.Writer, file string, s settings) error {
	fmt.Fprintf(out, "%-30s", "module")
	for _, size := range s.sizes {
		fmt.Fprintf(out, " | %5.3g MB: MB/s  peak MB  ×size growth", float64(size)/1e6)
	}
	fmt.Fprintln(out)
	return eachModule(s, func(m hostile.Module) error {
		fmt.Fprintf(out, "%-30s", m.Name)
		var remarks []string
		sizes, err := makeSizes(file, m, s.sizes)
		if err != nil {
			return err
		}
		err = eachSize(sizes, m, s, s.drivers[0], func(now, before measurement) {
			fmt.Fprintf(out, " | %14.1f %8.1f %6.1f %6s", now.speed(), now.Peak/1e6, now.memory(), now.growth(before))
			remarks = append(remarks, now.remarks(before)...)
		})
		slices.Sort(remarks)
		fmt.Fprintln(out, " |", strings.Join(slices.Compact(remarks), ", "))
		return err
	})
}

// driversTable measures with several drivers and prints a line for each module, with
// columns for each driver, and a summary of each driver. What goes past a bound at
// any size has an exclamation mark.
func driversTable(out io.Writer, file string, s settings) error {
	fmt.Fprintf(out, "%-30s", fmt.Sprintf("MB/s, memory × size at %.3g MB", float64(s.sizes[len(s.sizes)-1])/1e6))
	for _, driver := range s.drivers {
		fmt.Fprintf(out, " | %12s", driver)
	}
	fmt.Fprintln(out)
	sums := make([]summary, len(s.drivers))
	err := eachModule(s, func(m hostile.Module) error {
		fmt.Fprintf(out, "%-30s", m.Name)
		sizes, err := makeSizes(file, m, s.sizes)
		if err != nil {
			return err
		}
		for i, driver := range s.drivers {
			var last measurement
			var remarks, figures []string
			err := eachSize(sizes, m, s, driver, func(now, before measurement) {
				last, remarks = now, append(remarks, now.remarks(before)...)
				figures = append(figures, now.figures(before))
			})
			if err != nil {
				return err
			}
			mark := " "
			if len(remarks) > 0 {
				mark = "!"
			}
			fmt.Fprintf(out, " | %6.1f %4.1f%s", last.speed(), last.memory(), mark)
			sums[i].add(m.Name, last, remarks, figures)
		}
		_, err = fmt.Fprintln(out)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	for i, driver := range s.drivers {
		sums[i].print(out, driver)
	}
	return nil
}

// eachModule calls f with the modules that are asked for.
func eachModule(s settings, f func(m hostile.Module) error) error {
	for _, m := range hostile.All() {
		if !s.run.MatchString(m.Name) {
			continue
		}
		if err := f(m); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// sized is a file with a module of a family.
type sized struct {
	file string
	size int
}

// makeSizes makes the modules of a family, in files whose names begin with file.
func makeSizes(file string, m hostile.Module, sizes []int) (list []sized, err error) {
	for i, size := range sizes {
		wasm := m.Make(size)
		f := sized{fmt.Sprintf("%s.%d", file, i), len(wasm)}
		if err := os.WriteFile(f.file, wasm, 0o666); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// eachSize measures the module in each size, and calls f with what was measured and
// what was before it, which at first is nothing.
func eachSize(sizes []sized, m hostile.Module, s settings, driver string, f func(now, before measurement)) error {
	var before measurement
	for _, wasm := range sizes {
		now, err := measureAgain(before, func() (measurement, error) {
			now, err := measure(wasm.file, m.Name, driver, s.rounds)
			now.Size = wasm.size
			return now, err
		})
		if err != nil {
			return err
		}
		f(now, before)
		before = now
	}
	return nil
}

// tries is how often what takes too long is measured.
const tries = 3

// measureAgain measures, and if that has taken too long again: what else the machine
// does only adds to the time. It returns the shortest time and the most memory.
func measureAgain(before measurement, measure func() (measurement, error)) (now measurement, err error) {
	for n := 0; n == 0 || n < tries && now.late(before); n++ {
		m, err := measure()
		if err != nil {
			return m, err
		}
		if n > 0 {
			m.Nanoseconds, m.Peak = min(m.Nanoseconds, now.Nanoseconds), max(m.Peak, now.Peak)
		}
		now = m
	}
	return now, nil
}

// summary is what the modules cost with one driver.
type summary struct {
	modules                  int
	slowest, dearest         measurement
	slowestName, dearestName string
	past                     []string // lines about the modules that go past a bound
}

func (s *summary) add(name string, m measurement, remarks, figures []string) {
	if s.modules == 0 || m.speed() < s.slowest.speed() {
		s.slowest, s.slowestName = m, name
	}
	if s.modules == 0 || m.memory() > s.dearest.memory() {
		s.dearest, s.dearestName = m, name
	}
	s.modules++
	if len(remarks) > 0 {
		slices.Sort(remarks)
		s.past = append(s.past, fmt.Sprintf("%s: %s: %s", name,
			strings.Join(slices.Compact(remarks), ", "), strings.Join(figures, "; ")))
	}
}

func (s *summary) print(out io.Writer, driver string) {
	if s.modules == 0 {
		return
	}
	fmt.Fprintf(out, "%s: %d modules, %d past a bound; slowest %s with %.1f MB/s; most memory %s with %.1f × size\n",
		driver, s.modules, len(s.past), s.slowestName, s.slowest.speed(), s.dearestName, s.dearest.memory())
	for _, line := range s.past {
		fmt.Fprintln(out, "   ", line)
	}
}
