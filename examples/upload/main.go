// Upload is an HTTP server that takes WebAssembly modules and validates each
// while it arrives, in memory that does not grow with it:
//
//	go run ./examples/upload -listen localhost:8080 -features wasm2 -limit 10000000
//	curl --data-binary @FILE http://localhost:8080/modules
//
// What is not a valid module is answered with 400 and the reason as soon as that
// is known, what is too large with 413.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"log"
	"net/http"
	"time"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

func main() {
	gate := gate{}
	listen := flag.String("listen", "localhost:8080", "the `address` to listen on")
	flag.TextVar(&gate.features, "features", ops.Default, "a `list` of proposals and sets to allow")
	flag.Int64Var(&gate.limit, "limit", 50<<20, "the greatest size of a module in `bytes`")
	flag.Parse()
	mux := http.NewServeMux()
	mux.Handle("POST /modules", gate)
	server := http.Server{Addr: *listen, Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute}
	log.Fatal(server.ListenAndServe())
}

// gate lets valid modules pass.
type gate struct {
	features ops.Features
	limit    int64 // bytes of a module
}

// ServeHTTP answers with what the module in the body of the request is, or why it
// is refused. The request's context ends the validation when the client goes away.
func (g gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := http.MaxBytesReader(w, r.Body, g.limit)
	m, err := validator.ValidateReader(r.Context(), body, validator.WithFeatures(g.features),
		validator.WithWorkers(1)) // other requests have the other cores
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, accepted{
		Functions: m.NumBodies(),
		CodeBytes: m.CodeSize(),
		Features:  m.RequiredFeatures().Names(),
	})
}

// accepted is the answer to a valid module.
type accepted struct {
	Functions int      `json:"functions"`
	CodeBytes int64    `json:"codeBytes"`
	Features  []string `json:"features"`
}

// refused is the answer to all others.
type refused struct {
	Error   string   `json:"error"`
	Kind    string   `json:"kind,omitempty"`
	Offset  int      `json:"offset"`
	Feature []string `json:"feature,omitempty"` // what would have allowed it
}

// refuse answers with the reason why a module was not accepted.
func refuse(w http.ResponseWriter, err error) {
	var invalid *validator.Error
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &invalid):
		reply(w, http.StatusBadRequest, refused{
			Error: invalid.Error(), Kind: invalid.Kind.String(), Offset: invalid.Offset, Feature: invalid.Feature.Names(),
		})
	case errors.As(err, &large):
		reply(w, http.StatusRequestEntityTooLarge, refused{Error: err.Error(), Offset: int(large.Limit)})
	default: // the client went away, or the time was up
		reply(w, http.StatusBadRequest, refused{Error: err.Error()})
	}
}

func reply(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		log.Print(err)
	}
}
