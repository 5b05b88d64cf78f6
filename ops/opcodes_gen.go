//go:build ignore

// This program writes opcodes.go from the table of operators.
package main

import (
	"log"
	"os"

	"github.com/wasmstate/wasmstate/ops/internal/opnames"
)

func main() {
	src, err := opnames.Source()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("opcodes.go", src, 0o666); err != nil {
		log.Fatal(err)
	}
}
