module github.com/wasmstate/wasmstate

go 1.26.0

require (
	github.com/matryer/is v1.4.1 // indirect
	golang.org/x/exp v0.0.0-20261014143641-f0251eb4aa3e // indirect
)
