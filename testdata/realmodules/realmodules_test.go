package realmodules_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
)

func TestAll(t *testing.T) {
	is := is.New(t)
	names := []string{}
	for _, m := range realmodules.All() {
		names = append(names, m.Name)
		is.True(bytes.HasPrefix(m.Bytes, []byte("\x00asm\x01\x00\x00\x00")))
	}
	is.Equal(names, []string{"algorithms", "gotool", "shapes"})
}

func TestManifest(t *testing.T) {
	is := is.New(t)
	names := map[string]bool{}
	for _, m := range realmodules.Manifest() {
		is.True(!names[m.Name])
		names[m.Name] = true
		_, err := ops.ParseFeatures(m.Features)
		is.NoErr(err)
		is.Equal(len(m.SHA256), 2*sha256.Size)
		is.True(m.Size > 0)
	}
	is.Equal(names, map[string]bool{"esbuild": true, "spidermonkey": true, "sqljs": true, "pyodide": true})
}

// What does not have the size and hash of the manifest is not given out.
func TestVerify(t *testing.T) {
	is := is.New(t)
	sum := sha256.Sum256([]byte("right"))
	m := realmodules.NPMModule{Name: "m", Package: "@a/b", Version: "1.2.3", Path: "lib/m.wasm", Size: 5,
		SHA256: hex.EncodeToString(sum[:])}
	dir := t.TempDir()
	file := m.File(dir)
	is.Equal(file, filepath.Join(dir, "@a", "b@1.2.3", "lib", "m.wasm"))
	_, err := m.Read(dir)
	is.True(os.IsNotExist(err))
	is.NoErr(os.MkdirAll(filepath.Dir(file), 0o777))
	is.NoErr(os.WriteFile(file, []byte("wrong"), 0o666))
	_, err = m.Read(dir)
	is.True(err != nil)
	is.NoErr(os.WriteFile(file, []byte("right"), 0o666))
	b, err := m.Read(dir)
	is.NoErr(err)
	is.Equal(string(b), "right")
	is.True(m.Verify([]byte("short and long")) != nil)
}
