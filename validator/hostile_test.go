package validator_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/testdata/hostile"
	"github.com/wasmstate/wasmstate/validator"
)

// validateHostile validates a hostile module with one worker and returns an error
// unless it gets the verdict that it must get.
func validateHostile(m hostile.Module, wasm []byte) error {
	_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(m.Features), validator.WithWorkers(1))
	got := "valid"
	var e *validator.Error
	if errors.As(err, &e) {
		got = e.Kind.String()
	} else if err != nil {
		return err
	}
	if got != m.Verdict {
		return fmt.Errorf("%s: %s (%v), want %s", m.Name, got, err, m.Verdict)
	}
	return nil
}

// hostileStep is by how many bytes a module is made larger in the test: enough for
// one more of the longest items.
const hostileStep = 256 << 10

func TestHostile(t *testing.T) {
	for _, m := range hostile.All() {
		t.Run(m.Name, func(t *testing.T) {
			is := is.New(t)
			small := m.Make(1 << 10)
			is.NoErr(validateHostile(m, small))
			is.True(len(small) <= hostile.FixedSize)
			large := m.Make(len(small) + hostileStep)
			is.True(len(large) > len(small))               // it grows
			is.True(len(large) < len(small)+2*hostileStep) // by about as much as asked for
			is.NoErr(validateHostile(m, large))
		})
	}
}

// Where more items fit than the limits allow, a family has as many as they do.
func TestHostileAtLimits(t *testing.T) {
	for _, name := range []string{"imports", "imports/compact", "functions", "tables", "tags", "globals", "exports", "custom"} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			m, ok := hostile.Find(name)
			is.True(ok)
			is.NoErr(validateHostile(m, m.Make(4_500_000)))
		})
	}
}

func TestHostileNames(t *testing.T) {
	is := is.New(t)
	seen := map[string]bool{}
	for _, m := range hostile.All() {
		is.True(!seen[m.Name]) // no name twice
		seen[m.Name] = true
	}
	found, ok := hostile.Find("functions")
	is.True(ok)
	is.Equal(found.Name, "functions")
	_, ok = hostile.Find("no such module")
	is.True(!ok)
}

// BenchmarkHostile validates the hostile modules in three sizes; there are many, so
// that -benchtime 1x is advisable. s/MB is the time
// for each MB; alloc-B/B is all that was allocated, whether or not the garbage
// collector took it back meanwhile, and peak-B/B the most that was in use at one
// of the moments, 100 µs apart, when it was looked at: both in bytes for each
// byte of the module.
func BenchmarkHostile(b *testing.B) {
	for _, m := range hostile.All() {
		for _, mb := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%s/%dMB", m.Name, mb), func(b *testing.B) {
				wasm := m.Make(mb * 1e6)
				runtime.GC()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				peak := watchHeap()
				b.SetBytes(int64(len(wasm)))
				for b.Loop() {
					if err := validateHostile(m, wasm); err != nil {
						b.Fatal(err)
					}
				}
				high := peak()
				runtime.ReadMemStats(&after)
				size := float64(len(wasm))
				b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/size*1e6, "s/MB")
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/size, "alloc-B/B")
				b.ReportMetric((high-float64(before.HeapAlloc))/size, "peak-B/B")
			})
		}
	}
}

// watchHeap begins to watch the bytes in use on the heap. The function that it
// returns ends that and gives the most that was seen.
func watchHeap() (peak func() float64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	stop, done := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(100 * time.Microsecond)
		defer tick.Stop()
		high := 0.0
		for {
			metrics.Read(sample)
			high = max(high, float64(sample[0].Value.Uint64()))
			select {
			case <-stop:
				done <- high
				return
			case <-tick.C:
			}
		}
	}()
	return func() float64 {
		close(stop)
		return <-done
	}
}
