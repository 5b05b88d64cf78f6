package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/wasmstate/wasmstate/testdata/trials/judge"
	"github.com/wasmstate/wasmstate/validator"
)

// child tries one share of the inputs of the one trial chosen.
func child(out io.Writer, chosen []trial, s settings) error {
	if len(chosen) != 1 {
		return fmt.Errorf("%d trials in one process", len(chosen))
	}
	t := &chosen[0]
	debug.SetGCPercent(400) // nearly everything is garbage
	var r result
	var now atomic.Int64
	go watch(t, &now)
	for i := s.shard; i < t.inputs; i += s.procs {
		now.Store(int64(i))
		r.try(t, i, s.seed)
	}
	return json.NewEncoder(out).Encode(&r)
}

// hang is how long one input may take before it counts as endless.
const hang = 30 * time.Second

// watch ends the process when one input takes far too long.
func watch(t *trial, now *atomic.Int64) {
	for {
		before := now.Load()
		time.Sleep(hang)
		if now.Load() == before {
			fmt.Fprintf(os.Stderr, "trials: %s: input %d takes more than %v\n", t.name, before, hang)
			os.Exit(3)
		}
	}
}

// random returns what the choices for an input are made with.
func (t *trial) random(input int, seed uint64) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(t.name) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(h^seed, uint64(input)))
}

// try tries one input.
func (r *result) try(t *trial, i int, seed uint64) {
	r.Inputs++
	defer func() {
		if p := recover(); p != nil {
			r.Panics++
			r.sample(t, i, fmt.Sprintf("panic: %v", p))
		}
	}()
	random := t.random(i, seed)
	wasm, features := t.make(random)
	kind := func() validator.Kind {
		_, err := judge.Serial(wasm, features)
		var e *validator.Error
		errors.As(err, &e)
		if e == nil {
			return 0
		}
		return e.Kind
	}
	before, begin := allocated(), time.Now()
	r.Verdicts[kind()]++
	elapsed, memory := time.Since(begin), allocated()-before
	if uint64(elapsed) > r.Time.Value {
		r.Time.keep(most{shortest(func() { kind() }), t.name, i, len(wasm)})
	}
	if memory > r.Memory.Value {
		r.Memory.keep(most{fresh(func() { kind() }), t.name, i, len(wasm)})
	}
	if t.check != nil {
		if diff := t.check(random, wasm, features); diff != "" {
			r.Wrong++
			r.sample(t, i, diff)
		}
	}
}

func (r *result) sample(t *trial, i int, text string) {
	if len(r.Samples) < maxSamples {
		r.Samples = append(r.Samples, fmt.Sprintf("%s, input %d: %.2000s", t.name, i, text))
	}
}

// allocated returns how many bytes were allocated so far, nearly.
func allocated() uint64 {
	sample := [1]metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
}

// shortest returns the shortest of the times that f takes, in nanoseconds: whatever
// else the machine does only adds to it.
func shortest(f func()) uint64 {
	least := time.Duration(1 << 62)
	for range 7 {
		begin := time.Now()
		f()
		least = min(least, time.Since(begin))
	}
	return uint64(least)
}

// fresh returns how many bytes f allocates when nothing is left in pools.
func fresh(f func()) uint64 {
	runtime.GC()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// show tries one input of one trial and prints all of it.
func show(out io.Writer, chosen []trial, s settings) (ok bool, err error) {
	if len(chosen) != 1 {
		return false, fmt.Errorf("-input wants one trial, not %d", len(chosen))
	}
	t := &chosen[0]
	wasm, features := t.make(t.random(s.input, s.seed))
	_, verdict := judge.Serial(wasm, features)
	fmt.Fprintf(out, "features %v\nmodule   %x\nverdict  %v\n", features, wasm, verdict)
	var r result
	r.try(t, s.input, s.seed)
	for _, s := range r.Samples {
		fmt.Fprintln(out, s)
	}
	fmt.Fprintf(out, "time     %v\nmemory   %d bytes\n", time.Duration(r.Time.Value), r.Memory.Value)
	return r.Panics+r.Wrong == 0, nil
}
