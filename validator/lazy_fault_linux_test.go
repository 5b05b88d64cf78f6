package validator_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator"
)

// The bytes of a Lazy may be those of a file that another program makes shorter. The
// body that cannot be read is not taken for valid, now and later.
func TestLazyOfBytesThatGoAway(t *testing.T) {
	is := is.New(t)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	const n = 100
	wasm := patchwork(n, 3000, map[int]string{n - 1: bodyInvalid})
	path := filepath.Join(t.TempDir(), "module.wasm")
	is.NoErr(os.WriteFile(path, wasm, 0o600))
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	is.NoErr(err)
	defer f.Close()
	mapped, err := syscall.Mmap(int(f.Fd()), 0, len(wasm), syscall.PROT_READ, syscall.MAP_SHARED)
	is.NoErr(err)
	defer syscall.Munmap(mapped)
	l, err := validator.NewLazy(t.Context(), mapped)
	is.NoErr(err)
	is.NoErr(l.Validate(0))

	is.NoErr(f.Truncate(int64(len(wasm) / 2)))
	func() {
		defer func() { is.True(recover() != nil) }()
		_ = l.Validate(n - 1)
	}()
	is.Equal(l.Validate(n-1).Error(), "an earlier call has panicked or not returned")
	is.NoErr(l.Validate(1)) // which is still there
}
