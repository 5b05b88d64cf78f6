module github.com/wasmstate/wasmstate

go 1.25

require github.com/matryer/is v1.4.1 // indirect
