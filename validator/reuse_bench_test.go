package validator_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// eachRealModule runs a benchmark with every module that compilers made.
func eachRealModule(b *testing.B, f func(b *testing.B, m *benchModule)) {
	for _, m := range realmodules.All() {
		b.Run(m.Name, func(b *testing.B) { f(b, newBenchModule(b, m.Bytes, ops.Default)) })
	}
	for _, m := range realmodules.Manifest() {
		b.Run(m.Name, func(b *testing.B) {
			features, err := ops.ParseFeatures(m.Features)
			if err != nil {
				b.Fatal(err)
			}
			f(b, newBenchModule(b, realmodules.NPM(b, m.Name), features))
		})
	}
}

// alternate runs two ways to do the same work in turns, so that what else the
// machine does meets both, and returns the median time of each.
func alternate(b *testing.B, one, two func() error) (first, second time.Duration) {
	b.Helper()
	var times [2][]time.Duration
	for b.Loop() {
		for i, f := range []func() error{one, two} {
			start := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	return times[0][len(times[0])/2], times[1][len(times[1])/2]
}

// BenchmarkReuse validates the bodies of a module with a new validator for each,
// and with one for all. The gain is what the second saves of the first.
func BenchmarkReuse(b *testing.B) {
	eachRealModule(b, func(b *testing.B, m *benchModule) {
		fresh, reused := alternate(b, freshDriver(m), reusedDriver(m))
		b.ReportMetric(float64(fresh)/1e6, "fresh-ms")
		b.ReportMetric(float64(reused)/1e6, "reused-ms")
		b.ReportMetric(100*(1-float64(reused)/float64(fresh)), "gain-%")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkTwoWorkers validates a whole module with one worker and with two.
func BenchmarkTwoWorkers(b *testing.B) {
	eachRealModule(b, func(b *testing.B, m *benchModule) {
		one, two := alternate(b, validateDriver(m, 1), validateDriver(m, 2))
		b.ReportMetric(float64(one)/1e6, "one-ms")
		b.ReportMetric(float64(two)/1e6, "two-ms")
		b.ReportMetric(float64(one)/float64(two), "speedup")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkCancel ends the context while the largest body that the limits allow is
// being validated, and measures how long it takes until the call returns.
func BenchmarkCancel(b *testing.B) {
	for _, c := range []struct{ name, code string }{
		{"common operators", "i32.const 1 drop "},
		{"operators of all kinds", "block call 0 end i32.const 1 drop memory.size drop "},
	} {
		b.Run(c.name, func(b *testing.B) {
			size := len(validatortest.Asm(c.code))
			wasm := validatortest.NewModule().Type("func").Memory("1").Func(0, "", "").
				Func(0, "", strings.Repeat(c.code, 7_600_000/size)).Bytes()
			var latencies []time.Duration
			for b.Loop() {
				ctx, cancel := context.WithCancel(context.Background())
				ended := make(chan time.Time, 1)
				timer := time.AfterFunc(3*time.Millisecond, func() {
					ended <- time.Now()
					cancel()
				})
				_, err := validator.Validate(ctx, wasm, validator.WithWorkers(1))
				returned := time.Now()
				if !timer.Stop() && err != nil {
					latencies = append(latencies, returned.Sub(<-ended))
				}
				cancel()
			}
			if len(latencies) == 0 {
				b.Skip("the context never ended in time")
			}
			slices.Sort(latencies)
			b.ReportMetric(float64(latencies[len(latencies)/2])/1e6, "median-ms")
			b.ReportMetric(float64(latencies[len(latencies)-1])/1e6, "worst-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// Validating a large module takes little memory besides its bytes, also when no
// buffers are warm.
func TestValidateMemory(t *testing.T) {
	const most = 2 << 20
	for _, name := range []string{"esbuild", "sqljs"} {
		t.Run(name, func(t *testing.T) {
			wasm := realmodules.NPM(t, name)
			for _, workers := range []int{1, 2} {
				is := is.New(t)
				runtime.GC()
				runtime.GC() // the second empties the pools
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_, err := validator.Validate(t.Context(), wasm, validator.WithWorkers(workers))
				runtime.ReadMemStats(&after)
				is.NoErr(err)
				size := after.TotalAlloc - before.TotalAlloc
				t.Logf("%d workers: %d KB allocated", workers, size>>10)
				is.True(size < most)
			}
		})
	}
}
