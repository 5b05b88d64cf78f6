package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

const limit = 4 << 20

// post uploads a body to a gate and returns the answer.
func post(t *testing.T, g gate, body io.Reader, answer any) (status int) {
	t.Helper()
	is := is.New(t)
	server := httptest.NewServer(g)
	defer server.Close()
	resp, err := http.Post(server.URL, "application/wasm", body)
	is.NoErr(err)
	defer resp.Body.Close()
	is.Equal(resp.Header.Get("Content-Type"), "application/json")
	is.NoErr(json.NewDecoder(resp.Body).Decode(answer))
	return resp.StatusCode
}

func TestUpload(t *testing.T) {
	is := is.New(t)
	wasm, err := os.ReadFile("../../testdata/gotool.wasm")
	is.NoErr(err)
	var a accepted
	is.Equal(post(t, gate{ops.Default, limit}, bytes.NewReader(wasm), &a), http.StatusOK)
	is.True(a.Functions > 1000)
	is.True(a.CodeBytes > 100_000)
}

func TestUploadRefused(t *testing.T) {
	simd := validatortest.NewModule().Type("func").Func(0, "", "v128.const i64x2 0 0 drop")
	for _, c := range []struct {
		name     string
		features ops.Features
		body     string
		status   int
		kind     string
		feature  string
	}{
		{"not a module", ops.Default, "<!doctype html>", http.StatusBadRequest, "malformed", ""},
		{"nothing", ops.Default, "", http.StatusBadRequest, "malformed", ""},
		{"invalid", ops.Default, string(validatortest.NewModule().Type("func").Func(0, "", "drop").Bytes()), http.StatusBadRequest, "invalid", ""},
		{"feature", ops.Wasm1, string(simd.Bytes()), http.StatusBadRequest, "malformed", "simd"},
		{"too large", ops.Default, string(validatortest.NewModule().Custom("x", make([]byte, 2*limit)).Bytes()), http.StatusRequestEntityTooLarge, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			var r refused
			is.Equal(post(t, gate{c.features, limit}, strings.NewReader(c.body), &r), c.status)
			is.Equal(r.Kind, c.kind)
			is.Equal(strings.Join(r.Feature, ","), c.feature)
			is.True(r.Error != "")
		})
	}
}

// The answer comes while the client is still sending.
func TestUploadRefusedEarly(t *testing.T) {
	is := is.New(t)
	body, client := io.Pipe()
	defer client.Close()
	go client.Write([]byte("not a module"))
	w := httptest.NewRecorder()
	gate{ops.Default, limit}.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/modules", body))
	is.Equal(w.Code, http.StatusBadRequest)
}
