// Spent reports handles that are used after the call that spent them.
//
//	go install github.com/wasmstate/wasmstate/state/spent/cmd/spent@latest
//	go vet -vettool=$(which spent) ./...
//
// The directives that declare what spends a handle are described in package
// [github.com/wasmstate/wasmstate/state/spent].
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/wasmstate/wasmstate/state/spent"
)

func main() {
	unitchecker.Main(spent.Analyzer)
}
