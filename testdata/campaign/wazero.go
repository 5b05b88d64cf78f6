package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/wasmstate/wasmstate/ops"
)

// wazeroJudge is wazero, a WebAssembly runtime in Go, with its interpreter: what
// compiling for it costs comes on top of validation.
type wazeroJudge struct {
	runtime wazero.Runtime
	known   ops.Features
}

func newWazero() (*wazeroJudge, error) {
	config := wazero.NewRuntimeConfigInterpreter().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesThreads).
		WithMemoryLimitPages(65536)
	return &wazeroJudge{
		runtime: wazero.NewRuntimeWithConfig(context.Background(), config),
		known:   ops.Wasm2 | ops.Threads,
	}, nil
}

func (w *wazeroJudge) name() string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, m := range info.Deps {
			if m.Path == "github.com/tetratelabs/wazero" {
				return "wazero " + m.Version
			}
		}
	}
	return "wazero"
}

func (w *wazeroJudge) features() ops.Features { return w.known }

func (w *wazeroJudge) judge(batch [][]byte) ([]verdict, error) {
	list := make([]verdict, len(batch))
	for i, wasm := range batch {
		list[i] = w.compile(wasm)
	}
	return list, nil
}

// compile compiles a module. What panics has not said that the module is valid.
func (w *wazeroJudge) compile(wasm []byte) (v verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = verdict{message: fmt.Sprint("panic: ", r)}
		}
	}()
	ctx := context.Background()
	m, err := w.runtime.CompileModule(ctx, wasm)
	if err != nil {
		return verdict{message: err.Error()}
	}
	m.Close(ctx)
	return verdict{valid: true}
}

func (w *wazeroJudge) close() { w.runtime.Close(context.Background()) }
