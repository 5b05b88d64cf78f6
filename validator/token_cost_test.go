package validator_test

import (
	"testing"
	"time"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
)

// BenchmarkTokenCost measures what the run-time check of the handles costs where
// whole bodies are validated: for each function a token is asked three times
// whether it is live, and spent twice. It reports the time of these alone as a
// share of the time that a function takes.
func BenchmarkTokenCost(b *testing.B) {
	for _, m := range realmodules.All() {
		b.Run(m.Name, func(b *testing.B) { benchmarkTokenCost(b, m.Bytes, ops.Default) })
	}
	for _, m := range realmodules.Manifest() {
		b.Run(m.Name, func(b *testing.B) {
			features, err := ops.ParseFeatures(m.Features)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkTokenCost(b, realmodules.NPM(b, m.Name), features)
		})
	}
}

func benchmarkTokenCost(b *testing.B, wasm []byte, features ops.Features) {
	m, funcs := spine(b, wasm, validator.WithFeatures(features))
	u := validator.New(m, features)
	var cell state.Cell
	token := cell.Init([]string{"Assign", "Finish"})
	var bodies, tokens time.Duration
	for b.Loop() {
		start := time.Now()
		for _, f := range funcs {
			var err error
			if u, err = benchBody(u, f); err != nil {
				b.Fatal(err)
			}
		}
		middle := time.Now()
		for range funcs {
			// As often as Assign, Validate and Finish ask.
			for range 2 {
				if token.Err() != nil {
					b.Fatal("not live")
				}
			}
			if !token.Live() {
				b.Fatal("not live")
			}
			token, _ = token.Spend(0)
			token, _ = token.Spend(1)
		}
		bodies += middle.Sub(start)
		tokens += time.Since(middle)
	}
	functions := float64(b.N * len(funcs))
	b.ReportMetric(100*tokens.Seconds()/bodies.Seconds(), "%tokens")
	b.ReportMetric(float64(tokens.Nanoseconds())/functions, "ns-tokens/func")
	b.ReportMetric(float64(bodies.Nanoseconds())/functions, "ns/func")
}
