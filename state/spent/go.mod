module github.com/wasmstate/wasmstate/state/spent

go 1.25.0

require golang.org/x/tools v0.48.0
