package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/wasmstate/wasmstate/testdata/hostile"
	"github.com/wasmstate/wasmstate/validator"
)

// childArg makes the program measure one module: it is followed by the file, the
// name of the family, the driver and the number of rounds.
const childArg = "measure"

// patience is how long a module is validated again and again: slow ones need no
// repetition to be seen.
const patience = 3 * time.Second

// measure has another process measure the module in the file.
func measure(file, name, driver string, rounds int) (measurement, error) {
	self, err := os.Executable()
	if err != nil {
		return measurement{}, err
	}
	cmd := exec.Command(self, childArg, file, name, driver, strconv.Itoa(rounds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return measurement{}, err
	}
	return decode(out)
}

// child measures one module and prints what it has found.
func child(args []string) error {
	if len(args) != 4 {
		return errors.New("measure wants a file, a name, a driver and a number")
	}
	wasm, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	m, ok := hostile.Find(args[1])
	if !ok {
		return fmt.Errorf("no module %q", args[1])
	}
	rounds, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	result := measurement{Nanoseconds: math.Inf(1)}
	begin := time.Now()
	for round := 0; round < rounds && time.Since(begin) < patience; round++ {
		start := clock()
		err := validate(wasm, m, args[2])
		result.Nanoseconds = min(result.Nanoseconds, float64(clock()-start))
		if got := verdict(err); got != m.Verdict {
			return fmt.Errorf("%s: %s (%v), want %s", m.Name, got, err, m.Verdict)
		}
		if round == 0 {
			result.Peak = peakMemory()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// verdict returns "valid" or the kind of the error.
func verdict(err error) string {
	if err == nil {
		return "valid"
	}
	var e *validator.Error
	if errors.As(err, &e) {
		return e.Kind.String()
	}
	return err.Error()
}

// peakMemory returns the most resident memory that the process has had, in bytes,
// or 0 where the system does not say.
func peakMemory() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kb * 1024
		}
	}
	return 0
}
