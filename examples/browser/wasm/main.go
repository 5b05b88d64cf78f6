//go:build js && wasm

// The program that the page runs in a worker. It adds a function to the global
// scope and waits for its calls:
//
//	inspect(bytes, features)
//
// validates a module, and posts what it finds as messages, each an object with
// its kind: progress, verdict, map, mistakes, needs, and at the end done or failed. One
// message, ready, comes first of all and says what features there are.
package main

import (
	"context"
	"encoding/json"
	"syscall/js"
	"time"

	"github.com/wasmstate/wasmstate/examples/browser/report"
)

func main() {
	js.Global().Set("inspect", js.FuncOf(func(_ js.Value, args []js.Value) any {
		wasm := make([]byte, args[0].Get("byteLength").Int())
		js.CopyBytesToGo(wasm, args[0])
		var features []string
		for i := range args[1].Length() {
			features = append(features, args[1].Index(i).String())
		}
		if err := inspect(wasm, features); err != nil {
			post("failed", err.Error())
		}
		return nil
	}))
	post("ready", report.Features())
	select {}
}

// inspect posts everything about a module, what is asked for most first.
func inspect(wasm []byte, names []string) error {
	features, err := report.Chosen(names)
	if err != nil {
		return err
	}
	ctx := context.Background()
	verdict, err := report.Judge(ctx, wasm, features, progress())
	if err != nil {
		return err
	}
	post("verdict", verdict)
	post("map", report.SizeMap(wasm))
	if !verdict.Valid {
		mistakes, err := report.FindMistakes(ctx, wasm, features)
		if err != nil {
			return err
		}
		post("mistakes", mistakes)
	}
	needs, err := report.FindNeeds(ctx, wasm, features)
	if err != nil {
		return err
	}
	post("needs", needs)
	post("done", nil)
	return nil
}

// progress returns a function that posts how far validation has come, not more
// often than an eye can follow.
func progress() func(done, total int64) {
	const interval = 50 * time.Millisecond
	last := time.Now()
	return func(done, total int64) {
		if now := time.Now(); now.Sub(last) >= interval {
			last = now
			post("progress", map[string]int64{"done": done, "total": total})
		}
	}
}

// post sends a message to the page.
func post(kind string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		kind, text = "failed", []byte(`"the report cannot be written as JSON"`)
	}
	js.Global().Call("postMessage", map[string]any{"kind": kind, "json": string(text)})
}
