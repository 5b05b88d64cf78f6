package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/wasmstate/wasmstate/ops"
)

// serveWazero makes this program the process that judges with wazero.
const serveWazero = "serve-wazero"

// wazeroMemory is the most memory that the process gets, in KiB. There are modules
// for which wazero asks for much more.
const wazeroMemory = 3 << 20

// wazeroJudge is wazero, a WebAssembly runtime in Go.
type wazeroJudge struct{ process }

func newWazero() (*wazeroJudge, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if sh, err := exec.LookPath("sh"); err == nil {
		limited := fmt.Sprintf(`ulimit -v %d; exec "$0" "$1"`, wazeroMemory)
		w := &wazeroJudge{process{command: []string{sh, "-c", limited, self, serveWazero}}}
		// Built with the race detector, it needs more to begin with.
		if list, err := w.judge([][]byte{emptyModule}); err == nil && list[0].valid {
			return w, nil
		}
		w.close()
	}
	return &wazeroJudge{process{command: []string{self, serveWazero}}}, nil
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

func (w *wazeroJudge) features() ops.Features { return ops.Wasm2 | ops.Threads }

// wazeroProcess answers questions until nobody asks any more. What compiling for
// the interpreter costs comes on top of validation.
func wazeroProcess() error {
	config := wazero.NewRuntimeConfigInterpreter().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesThreads)
	runtime := wazero.NewRuntimeWithConfig(context.Background(), config)
	return serve(os.Stdin, os.Stdout, func(wasm []byte) verdict { return compile(runtime, wasm) })
}

// compile compiles a module. What panics has not said that the module is valid.
func compile(runtime wazero.Runtime, wasm []byte) (v verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = verdict{message: fmt.Sprint("panic: ", r)}
		}
	}()
	ctx := context.Background()
	m, err := runtime.CompileModule(ctx, wasm)
	if err != nil {
		return verdict{message: err.Error()}
	}
	m.Close(ctx)
	return verdict{valid: true}
}
