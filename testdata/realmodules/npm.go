package realmodules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// NPMModule is one entry of the manifest: a module in an npm package.
type NPMModule struct {
	Name     string `json:"name"`
	Package  string `json:"package"`
	Version  string `json:"version"`
	Path     string `json:"path"` // in the package, with slashes
	Size     int64  `json:"size"` // bytes
	SHA256   string `json:"sha256"`
	Features string `json:"features"` // with which it is valid
}

// Manifest returns the entries of npm.json.
func Manifest() []NPMModule {
	var list []NPMModule
	if err := json.Unmarshal(read("npm.json"), &list); err != nil {
		panic(err) // the file is part of the program
	}
	return list
}

// Dir returns the folder that holds the fetched modules: the value of the
// environment variable WASMSTATE_NPM, or wasmstate in the user's cache folder.
func Dir() (string, error) {
	if dir := os.Getenv("WASMSTATE_NPM"); dir != "" {
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder, set WASMSTATE_NPM: %w", err)
	}
	return filepath.Join(cache, "wasmstate"), nil
}

// File returns where below dir the module lies once it is fetched.
func (m NPMModule) File(dir string) string {
	return filepath.Join(dir, filepath.FromSlash(m.Package)+"@"+m.Version, filepath.FromSlash(m.Path))
}

// Verify returns an error unless wasm is the module that the manifest pins.
func (m NPMModule) Verify(wasm []byte) error {
	if int64(len(wasm)) != m.Size {
		return fmt.Errorf("%s: %d bytes, want %d", m.Name, len(wasm), m.Size)
	}
	sum := sha256.Sum256(wasm)
	if got := hex.EncodeToString(sum[:]); got != m.SHA256 {
		return fmt.Errorf("%s: SHA-256 %s, want %s", m.Name, got, m.SHA256)
	}
	return nil
}

// Read returns the module's bytes, verified, from below dir.
func (m NPMModule) Read(dir string) ([]byte, error) {
	wasm, err := os.ReadFile(m.File(dir))
	if err != nil {
		return nil, err
	}
	return wasm, m.Verify(wasm)
}

// NPM returns the bytes of the module that the manifest calls name. The test is
// skipped, with a line that says what to run, when it was not fetched.
func NPM(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := Dir()
	if err != nil {
		t.Skip(err)
	}
	for _, m := range Manifest() {
		if m.Name != name {
			continue
		}
		wasm, err := m.Read(dir)
		if os.IsNotExist(err) {
			t.Skipf("%s is not in %s: go run ./testdata/fetchnpm", name, dir)
		}
		if err != nil {
			t.Fatal(err)
		}
		return wasm
	}
	t.Fatalf("npm.json has no module %q", name)
	return nil
}
