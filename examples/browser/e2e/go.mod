module github.com/wasmstate/wasmstate/examples/browser/e2e

go 1.25.0

require (
	github.com/chromedp/chromedp v0.23.0
	github.com/matryer/is v1.4.1
	github.com/wasmstate/wasmstate v0.0.0
)

replace github.com/wasmstate/wasmstate => ../../..
