// Package report says of a WebAssembly module what a page can show of it: the
// verdict with its explanation, the proposals that the module needs, and where
// its bytes are. The values are for JSON. None of it needs a browser.
package report
