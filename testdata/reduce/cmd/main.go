// Reduce makes a module smaller for which a command succeeds.
//
//	reduce [-o FILE] [-tries N] MODULE COMMAND [ARGUMENT...]
//
// The command gets the name of a file with the module to judge as its last
// argument. Its exit status says whether the module still shows what it should.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/wasmstate/wasmstate/testdata/reduce"
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "reduced.wasm", "the `file` that gets the smaller module")
	tries := flag.Int("tries", 2000, "the most `times` that the command is run")
	flag.Parse()
	if flag.NArg() < 2 {
		log.Fatal("reduce [-o FILE] [-tries N] MODULE COMMAND [ARGUMENT...]")
	}
	if err := run(flag.Arg(0), flag.Args()[1:], *out, *tries); err != nil {
		log.Fatal(err)
	}
}

func run(file string, command []string, out string, tries int) error {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "reduce")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	candidate := filepath.Join(dir, "candidate.wasm")
	holds := func(wasm []byte) bool {
		if err := os.WriteFile(candidate, wasm, 0o600); err != nil {
			return false
		}
		return exec.Command(command[0], append(command[1:len(command):len(command)], candidate)...).Run() == nil
	}
	if !holds(wasm) {
		return fmt.Errorf("%s: the command fails for the module as it is", file)
	}
	small := reduce.Module(wasm, tries, holds)
	fmt.Printf("%d bytes of %d: %x\n", len(small), len(wasm), small)
	return os.WriteFile(out, small, 0o666)
}
