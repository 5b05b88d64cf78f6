package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/testdata/hostile"
)

// The process that measures is this program, also when it is a test.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childArg {
		if err := child(os.Args[2:]); err != nil {
			fatal(err)
		}
		return
	}
	os.Exit(m.Run())
}

// What goes past a bound is remarked, and what reaches it is not.
func TestRemarks(t *testing.T) {
	is := is.New(t)
	before := measurement{Size: 1e6, Nanoseconds: 10e6}
	fine := measurement{Size: 2e6, Nanoseconds: 25e6, Peak: 16e6 + 60e6}
	is.Equal(fine.remarks(before), nil)
	fine.Nanoseconds++
	is.Equal(fine.remarks(before), []string{growth})
	is.Equal(fine.remarks(measurement{}), nil) // nothing to have grown from
	is.Equal(fine.ratio(fine), 0.0)
	fourfold := measurement{Size: 4e6, Nanoseconds: 90e6}
	is.Equal(fourfold.ratio(before), 3.0)
	fine.Peak++
	is.Equal(fine.remarks(measurement{}), []string{memory})
	is.Equal(measurement{Size: 1e6, Nanoseconds: 100e6}.remarks(measurement{}), nil)
	is.Equal(measurement{Size: 1e6, Nanoseconds: 101e6}.remarks(measurement{}), []string{slow})
}

// Both tables, of one family, with figures that can be.
func TestTables(t *testing.T) {
	is := is.New(t)
	name := hostile.All()[0].Name
	s := settings{run: regexp.MustCompile("^" + regexp.QuoteMeta(name) + "$"), sizes: []int{1e5, 2e5}, rounds: 1}
	file := filepath.Join(t.TempDir(), "module.wasm")

	s.drivers = []string{"validate"}
	var sizes strings.Builder
	is.NoErr(sizesTable(&sizes, file, s))
	is.True(regexp.MustCompile(`(?m)^` + name + ` .*\| +[1-9]\d*\.\d +\d+\.\d .*\| +[1-9]`).MatchString(sizes.String()))

	var err error
	s.drivers, err = findDrivers("all")
	is.NoErr(err)
	var table strings.Builder
	is.NoErr(driversTable(&table, file, s))
	for _, d := range drivers {
		is.True(strings.Contains(table.String(), "\n"+d.name+": 1 modules, ")) // its summary
	}

	_, err = findDrivers("nobody")
	is.True(err != nil)
}

// A module that is past a bound has its figures in the summary.
func TestSummary(t *testing.T) {
	is := is.New(t)
	var s summary
	m := measurement{Size: 1e6, Nanoseconds: 200e6}
	s.add("good", measurement{Size: 1e6, Nanoseconds: 1e6}, nil, nil)
	s.add("bad", m, []string{slow, growth, slow}, []string{m.figures(measurement{}), m.figures(measurement{Size: 5e5, Nanoseconds: 25e6})})
	var out strings.Builder
	s.print(&out, "validate")
	is.Equal(out.String(), `validate: 2 modules, 1 past a bound; slowest bad with 5.0 MB/s; most memory good with 0.0 × size
    bad: growth, slow: 1 MB: 5.0 MB/s, 0.0 × size; 1 MB: 5.0 MB/s, 0.0 × size, growth 8.00
`)
}

// What takes too long is measured again, and what takes much memory is not.
func TestMeasureAgain(t *testing.T) {
	is := is.New(t)
	measured := func(before measurement, list ...measurement) (m measurement, n int) {
		m, err := measureAgain(before, func() (measurement, error) {
			n++
			return list[n-1], nil
		})
		is.NoErr(err)
		return m, n
	}
	slow, quick, large := measurement{1e6, 300e6, 1e6}, measurement{1e6, 20e6, 2e6}, measurement{1e6, 30e6, 90e6}
	m, n := measured(measurement{}, quick, slow)
	is.Equal(n, 1)
	is.Equal(m, quick)
	m, n = measured(measurement{}, slow, quick, slow)
	is.Equal(n, 2)
	is.Equal(m, quick)
	m, n = measured(measurement{}, slow, slow, slow, quick)
	is.Equal(n, tries)
	is.Equal(m, slow)
	m, n = measured(measurement{}, slow, large, slow)
	is.Equal(n, 2)
	is.Equal(m, large)
	m, n = measured(measurement{Size: 5e5, Nanoseconds: 2.5e6}, large, quick, large)
	is.Equal(n, tries) // the time has grown
	is.Equal(m, measurement{1e6, 20e6, 90e6})
}
