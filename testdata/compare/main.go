// Compare validates the same modules with this library and with other validators,
// side by side in one run, and prints how long each took and how they relate.
//
//	go run ./testdata/compare [flags] [FILE...]
//
// Without files it takes the modules that testdata/npm.json pins, which
// go run ./testdata/fetchnpm fetches. See README.md beside this file for what is
// measured and how to add a validator.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wasmstate/wasmstate/testdata/realmodules"
)

// input is a module to be validated.
type input struct {
	name, file string
	size       int64 // bytes
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == serveArg {
		if err := serve(os.Args[2], os.Stdin, os.Stdout); err != nil {
			fatal(err)
		}
		return
	}
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "compare:", err)
	os.Exit(1)
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("compare", flag.ExitOnError)
	rounds := flags.Int("rounds", 15, "how often each validator gets each module")
	svg := flags.String("svg", "", "draw the result into a `file`")
	var peers []contestant
	flags.Func("peer", "another validator, as `name=command`; may be given several times", func(s string) error {
		name, command, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("want name=command")
		}
		peers = append(peers, contestant{name: name, command: strings.Fields(command), against: oneWorker})
		return nil
	})
	flags.Parse(args)
	if *rounds < 1 {
		return fmt.Errorf("%d rounds measure nothing", *rounds)
	}

	inputs, err := findInputs(flags.Args())
	if err != nil {
		return err
	}
	contestants, err := defaultContestants()
	if err != nil {
		return err
	}
	result, err := measure(append(contestants, peers...), inputs, *rounds)
	if err != nil {
		return err
	}
	if err := report(out, result); err != nil || *svg == "" {
		return err
	}
	return os.WriteFile(*svg, chart(result), 0o666)
}

// findInputs returns the files given or, without any, the modules of npm packages
// that have been fetched.
func findInputs(files []string) (inputs []input, err error) {
	if len(files) == 0 {
		dir, err := realmodules.Dir()
		if err != nil {
			return nil, err
		}
		for _, m := range realmodules.Manifest() {
			if _, err := m.Read(dir); err != nil {
				fmt.Fprintf(os.Stderr, "compare: without %s: %v\n", m.Name, err)
				continue
			}
			inputs = append(inputs, input{m.Name, m.File(dir), m.Size})
		}
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		if file, err = filepath.Abs(file); err != nil {
			return nil, err
		}
		inputs = append(inputs, input{strings.TrimSuffix(filepath.Base(file), ".wasm"), file, info.Size()})
	}
	if len(inputs) == 0 {
		return nil, fmt.Errorf("no modules: name files, or fetch some with go run ./testdata/fetchnpm")
	}
	return inputs, nil
}
