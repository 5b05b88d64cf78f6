// Browser serves a page that validates WebAssembly modules in the browser:
//
//	go run ./examples/browser
//
// It compiles the library to WebAssembly with the Go toolchain at hand, and
// prints the address of the page. What is dropped on the page is validated there,
// explained, and drawn as a map of where its bytes are. Nothing of it leaves the
// machine: the page may not connect to anything but this server, and this server
// takes nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("browser: ")
	addr := flag.String("addr", "localhost:8093", "the `address` to listen on, of this machine only; port 0 is any free one")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: browser [-addr ADDRESS]\n\n"+
			"Serves a page that validates WebAssembly modules in the browser.\n\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}

// run serves the page until ctx ends.
func run(ctx context.Context, addr string) error {
	listener, err := listen(ctx, addr)
	if err != nil {
		return err
	}
	log.Print("compiling the validator to WebAssembly …")
	made, err := compile(ctx)
	if err != nil {
		listener.Close()
		return err
	}
	site, err := newSite(made)
	if err != nil {
		listener.Close()
		return err
	}
	server := http.Server{Handler: site, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	host, _, _ := net.SplitHostPort(addr)
	fmt.Printf("http://%s/\n", net.JoinHostPort(host, fmt.Sprint(listener.Addr().(*net.TCPAddr).Port)))
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen listens on an address that only programs of this machine can reach.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		listener.Close()
		return nil, fmt.Errorf("%s can be reached from other machines; the address must be localhost or another loopback address", addr)
	}
	return listener, nil
}
