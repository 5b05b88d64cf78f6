module github.com/wasmstate/wasmstate/testdata/campaign

go 1.25.0

replace github.com/wasmstate/wasmstate => ../..

require (
	github.com/matryer/is v1.4.1
	github.com/tetratelabs/wazero v1.12.0
	github.com/wasmstate/wasmstate v0.0.0-00010101000000-000000000000
)

require golang.org/x/sys v0.46.0 // indirect
