//go:build !js && !wasip1

package e2e

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "write pictures of the page to this `folder`")

// The page under test, and what the tests look through.
var (
	address string          // of the page
	browser context.Context // a browser that reaches everything through seen
	seen    recorder
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// run starts the server and the browser around the tests. Without a browser there
// is nothing to be tested.
func run(m *testing.M) int {
	if flag.Lookup("test.list").Value.String() != "" {
		return m.Run()
	}
	path := findBrowser()
	if path == "" {
		fmt.Println("SKIP: no Chromium: none of chromium, chromium-browser, google-chrome and chrome is in PATH")
		return 0
	}
	stop, err := serve()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer stop()
	proxy := httptest.NewServer(&seen)
	defer proxy.Close()
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // continuous integration runs as root
		chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(2*time.Minute), // the first start on a busy machine takes long
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("proxy-server", proxy.URL),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"), // not even this machine without the proxy
	)...)
	defer cancel()
	var done context.CancelFunc
	browser, done = chromedp.NewContext(allocator)
	defer done()
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		fmt.Println(err)
		return 1
	}
	return m.Run()
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// repository is the root of the repository.
const repository = "../../.."

// serve runs the command that serves the page, as a user does, and sets address
// to what it prints.
func serve() (stop func(), err error) {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return nil, err
	}
	command := filepath.Join(dir, "browser")
	build := exec.Command("go", "build", "-o", command, "./examples/browser")
	build.Dir = repository
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, said)
	}
	server := exec.Command(command, "-addr", "localhost:0")
	server.Dir = repository
	server.Stderr = os.Stderr
	output, err := server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	address = strings.TrimSpace(line)
	return func() {
		server.Process.Kill()
		server.Wait()
		os.RemoveAll(dir)
	}, err
}

// recorder is a proxy that remembers where the browser wanted to go, and lets it
// go nowhere but to the page.
type recorder struct {
	mu    sync.Mutex
	hosts []string
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.hosts = append(r.hosts, request.Host)
	r.mu.Unlock()
	page, err := url.Parse(address)
	if err != nil || request.Host != page.Host || request.Method == http.MethodConnect {
		http.Error(w, "this is not the page", http.StatusForbidden)
		return
	}
	(&httputil.ReverseProxy{Rewrite: func(out *httputil.ProxyRequest) { out.Out.URL.Scheme, out.Out.URL.Host = "http", page.Host }}).
		ServeHTTP(w, request)
}

// others returns the hosts, without that of the page and those that Chromium asks
// for of its own accord, whatever page it shows.
func (r *recorder) others() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	page, _ := url.Parse(address)
	return slices.DeleteFunc(slices.Clone(r.hosts), func(host string) bool {
		name, _, _ := strings.Cut(host, ":")
		return host == page.Host || strings.HasSuffix(name, ".google.com") || strings.HasSuffix(name, ".googleapis.com")
	})
}

// tab is the page, open in a tab of its own.
type tab struct {
	t        *testing.T
	ctx      context.Context
	mu       sync.Mutex
	messages []string // of the console
	expected bool     // that there are messages
}

// openPage opens the page in a window of some width, light or dark. When the test
// ends, it checks that the console has remained empty.
func openPage(t *testing.T, width, height int64, scheme string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	p := &tab{t: t, ctx: ctx}
	console := chromedp.Console(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for message, err := range console {
			if err != nil {
				return
			}
			p.mu.Lock()
			p.messages = append(p.messages, message.String())
			p.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		p.mu.Lock()
		if len(p.messages) > 0 && !p.expected {
			t.Errorf("console: %q", p.messages)
		}
		p.mu.Unlock()
		stop()
		cancel()
		<-ended
	})
	p.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}), chromedp.Navigate(address))
	return p
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// expectConsole waits until each text is in some message of the console. From then
// on, messages do not fail the test.
func (p *tab) expectConsole(texts ...string) {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Second); len(texts) > 0; time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		p.expected = true
		if slices.ContainsFunc(p.messages, func(m string) bool { return strings.Contains(m, texts[0]) }) {
			texts = texts[1:]
		}
		p.mu.Unlock()
		if time.Now().After(end) {
			p.t.Fatalf("no message of the console says %q", texts[0])
		}
	}
}

// upload gives the page a file, and does not wait.
func (p *tab) upload(name string, content []byte) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o644); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(chromedp.ID("file"), []string{file}))
}

// choose gives the page a file, and waits until everything is shown.
func (p *tab) choose(name string, content []byte) {
	p.t.Helper()
	p.upload(name, content)
	p.wait(fmt.Sprintf("document.title.startsWith(%q)", name))
	p.wait("document.body.dataset.state === 'done'")
}

// wait waits until a condition is true.
func (p *tab) wait(condition string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](condition, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(2*time.Minute))); err != nil {
		p.t.Fatalf("%s: %v", condition, err)
	}
}

// eval returns the value of an expression on the page.
func eval[T any](p *tab, expression string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// text returns the text that is shown where a selector points, "" if nothing is.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf("((e) => (e?.checkVisibility() ? e.innerText : ''))(document.querySelector(%q))", selector))
}

// texts returns the texts of all elements where a selector points.
func (p *tab) texts(selector string) []string {
	p.t.Helper()
	return eval[[]string](p, fmt.Sprintf("[...document.querySelectorAll(%q)].map((e) => e.innerText)", selector))
}

// script is an action that runs a script for what it does.
func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void]("void (" + text + ")")
}

// picture writes a picture of the whole page, if pictures are wanted.
func (p *tab) picture(name string) {
	p.t.Helper()
	p.write(name, chromedp.FullScreenshot(100))
}

// write writes a picture, if pictures are wanted.
func (p *tab) write(name string, picture chromedp.Action[[]byte]) {
	p.t.Helper()
	if *screenshots == "" {
		return
	}
	content, err := chromedp.Run(p.ctx, picture)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), content, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// closedPort returns the address of a port that nobody listens on.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String() + "/"
}
