//go:build !js && !wasip1

package e2e

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/matryer/is"
)

func TestValidModule(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1280, 900, "light")
	p.wait("document.getElementById('chosen').textContent === 'default'")
	p.picture("empty-light")
	p.choose("gotool.wasm", gotool(t))
	is.Equal(p.text("#verdict h2"), "Valid")
	is.True(strings.Contains(p.text("#verdict"), "1,849 functions"))
	is.True(!eval[bool](p, "document.querySelector('#explanation').checkVisibility()"))
	is.Equal(p.texts("#needs tbody th"), []string{"saturating-float-to-int", "sign-extension", "bulk-memory-opt"})
	is.Equal(p.text("#needs [data-feature='sign-extension'] code"), "i64.extend32_s")
	is.True(strings.Contains(p.text("#needs [data-feature='sign-extension']"), "runtime.lock2"))
	p.picture("valid-light")
}

func TestTypeMismatch(t *testing.T) {
	is := is.New(t)
	wasm, broken := breakAdd(t, gotool(t))
	p := openPage(t, 1280, 900, "light")
	p.choose("broken.wasm", wasm)
	is.Equal(p.text("#verdict h2"), "Not valid")
	is.True(strings.HasPrefix(p.text("#verdict .message"), "type mismatch"))
	is.True(strings.Contains(p.text("#explanation .where"), broken.name))
	is.True(strings.Contains(p.text("#explanation .where"), fmt.Sprintf("function %d ", broken.index)))
	is.True(strings.Contains(p.text("#explanation .where"), fmt.Sprintf("%#x", broken.offset)))
	is.Equal(p.text(".hints"), "i32.add takes [i32 i32], which is there") // and that once
	is.Equal(p.text(".listing .fault .text"), "i64.add")
	is.Equal(p.text(".listing .fault .at"), fmt.Sprintf("%#x", broken.offset))
	is.True(eval[int](p, "document.querySelectorAll('.listing .op').length") > 5)
	is.Equal(eval[int](p, "document.querySelectorAll('.cell.fault').length"), 1)
	is.True(strings.Contains(eval[string](p, "document.querySelector('.cell.fault').getAttribute('aria-label')"), "with the mistake"))

	// A reference to the operator that pushed an operand points to it.
	origin := p.text(".wants .wrong .reference .at")
	is.True(origin != "")
	p.do(chromedp.Click(chromedp.CSS(".wants .wrong .reference")))
	is.Equal(eval[string](p, "document.activeElement.querySelector('.at').textContent"), origin)
	p.picture("invalid-light")
}

func TestSeveralMistakes(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1280, 900, "light")
	p.choose("several.wasm", severalMistakes())
	is.Equal(p.text(".pager [role=status]"), "Mistake 1 of 3")
	is.True(strings.Contains(p.text("#explanation .where"), "function 0"))
	p.do(chromedp.Click(chromedp.CSS("[aria-label='Next mistake']")))
	is.Equal(p.text(".pager [role=status]"), "Mistake 2 of 3")
	is.True(strings.Contains(p.text("#explanation .where"), "function 2"))
	p.do(chromedp.Click(chromedp.CSS("[aria-label='Next mistake']")))
	is.True(eval[bool](p, "document.querySelector('[aria-label=\"Next mistake\"]').disabled"))
}

func TestFeatureThatIsOff(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1280, 900, "light")
	p.choose("pages.wasm", smallPages())
	is.Equal(p.text("#chosen"), "default")
	is.True(p.text("#verdict h2") != "Valid")
	is.True(strings.Contains(p.text("#needs [data-feature='custom-page-sizes']"), "not allowed"))
	p.do(chromedp.Click(chromedp.CSS(".hints .button")))
	p.wait("document.querySelector('#verdict h2').textContent === 'Valid'")
	p.wait("document.body.dataset.state === 'done'")
	is.Equal(p.text("#chosen"), "default +custom-page-sizes")
	is.True(!strings.Contains(p.text("#needs [data-feature='custom-page-sizes']"), "not allowed"))

	// A named set takes it back.
	p.do(chromedp.Click(chromedp.CSS("#chooser summary")))
	p.picture("chooser-light")
	p.do(script("[...document.querySelectorAll('#sets button')].find((b) => b.textContent === 'wasm3').click()"))
	p.wait("document.body.dataset.state === 'done'")
	is.Equal(p.text("#chosen"), "wasm3")
	is.True(p.text("#verdict h2") != "Valid")
}

func TestNotAModule(t *testing.T) {
	for _, tt := range []struct{ name, content, title string }{
		{"page.html", "<!DOCTYPE html>\n<html><body><h1>404</h1></body></html>\n", "Not a module"},
		{"module.wat", "(module (func (result i32) i32.const 1))", "Not a module"},
		{"empty.wasm", "", "Not a module"},
		{"component.wasm", "\x00asm\x0d\x00\x01\x00", "Not a module"},
		{"cut.wasm", string(gotool(t)[:100_000]), "Malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			p := openPage(t, 1000, 800, "light")
			p.choose(tt.name, []byte(tt.content))
			is.Equal(p.text("#verdict h2"), tt.title)
			is.True(p.text("#verdict .message") != "")
			is.True(p.text(".hints") != "")
			is.Equal(p.text("#map") != "", tt.title == "Malformed")
			p.picture(tt.name)
		})
	}
}

// TestHostileNames checks that names out of a module become text, whatever they
// are: they make no elements, run nothing and do not push the page aside.
func TestHostileNames(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1000, 800, "light")
	wasm, markup := hostileNames()
	p.choose("hostile.wasm", wasm)
	is.Equal(p.text("#verdict h2"), "Not valid")
	is.True(strings.Contains(p.text("#explanation .where"), markup))
	is.True(strings.Contains(p.text(".legend"), markup))
	is.Equal(eval[int](p, "document.querySelectorAll('img:not(.mark), iframe, script:not([src=\"page.js\"])').length"), 0)
	is.True(!eval[bool](p, "'pwned' in globalThis"))
	is.True(eval[int](p, "Math.max(...[...document.querySelectorAll('bdi')].map((e) => e.textContent.length))") < 1000)
	is.True(!eval[bool](p, `document.body.innerText.includes("\u202e")`))
	is.True(eval[bool](p, "document.documentElement.scrollWidth <= innerWidth"))
	p.picture("hostile-light")
}

// TestTreemap checks that the areas of the map are in proportion to bytes: as it
// is first shown, in a section, and in what is too small to be seen there.
func TestTreemap(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1280, 900, "light")
	wasm := gotool(t)
	p.choose("gotool.wasm", wasm)
	p.checkAreas(len(wasm))

	p.do(script("[...document.querySelectorAll('.legend button')].find((b) => b.textContent.startsWith('code')).click()"))
	is.Equal(p.text(".trail .here"), "code section")
	code := eval[int](p, "[...document.querySelectorAll('.cell')].reduce((sum, c) => sum + Number(c.dataset.size), 0)")
	is.True(code > 1_000_000 && code < len(wasm))
	p.checkAreas(code)
	is.True(eval[int](p, "document.querySelectorAll('.cell[aria-label^=\"unicode.\"]').length") > 0)
	p.picture("code-light")

	p.do(chromedp.Click(chromedp.CSS(".cell[data-kind='smaller ones']")))
	is.True(strings.HasSuffix(p.text(".trail .here"), "smaller ones"))
	smaller := eval[int](p, "[...document.querySelectorAll('.cell')].reduce((sum, c) => sum + Number(c.dataset.size), 0)")
	is.True(smaller < code)
	p.checkAreas(smaller)

	// The keyboard leads along the pieces, and back to the module.
	p.do(script("document.querySelector('.cell').focus()"))
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	is.Equal(eval[int](p, "[...document.querySelectorAll('.cell')].indexOf(document.activeElement)"), 1)
	p.do(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape))
	is.Equal(p.text(".trail .here"), "module")
	p.checkAreas(len(wasm))

	p.do(chromedp.EmulateViewport(400, 800))
	p.wait("document.querySelector('.cells').clientWidth < 400")
	p.wait("[...document.querySelectorAll('.cell')].every((c) => c.offsetLeft + c.offsetWidth <= document.querySelector('.cells').clientWidth + 1)")
	p.checkAreas(len(wasm))
}

// cell is a rectangle of the map.
type cell struct{ X, Y, Width, Height, Size float64 }

// checkAreas checks that the rectangles of the map fill it, lie within it and apart
// from each other, and that each has its share of the bytes.
func (p *tab) checkAreas(bytes int) {
	p.t.Helper()
	shown := eval[struct {
		Box   cell
		Cells []cell
	}](p, `(() => {
		const area = document.querySelector(".cells");
		const { left, top, width, height } = area.getBoundingClientRect();
		const cells = [...area.children].map((c) => {
			const box = c.getBoundingClientRect();
			return { x: box.left - left, y: box.top - top, width: box.width, height: box.height, size: Number(c.dataset.size) };
		});
		return { box: { x: 0, y: 0, width, height, size: 0 }, cells };
	})()`)
	box, cells := shown.Box, shown.Cells
	sum := 0.0
	for i, c := range cells {
		sum += c.Size
		want := c.Size / float64(bytes) * box.Width * box.Height
		const slack = 0.05 // pixels; browsers round to some part of one
		if area := c.Width * c.Height; math.Abs(area-want) > slack*(c.Width+c.Height)+slack {
			p.t.Errorf("cell %d of %g bytes has an area of %g, want %g", i, c.Size, area, want)
		}
		if c.X < -slack || c.Y < -slack || c.X+c.Width > box.Width+slack || c.Y+c.Height > box.Height+slack {
			p.t.Errorf("cell %d, %+v, is outside of %+v", i, c, box)
		}
		for j, d := range cells[:i] {
			if c.X+slack < d.X+d.Width && d.X+slack < c.X+c.Width && c.Y+slack < d.Y+d.Height && d.Y+slack < c.Y+c.Height {
				p.t.Errorf("cell %d, %+v, overlaps cell %d, %+v", i, c, j, d)
			}
		}
	}
	if len(cells) < 5 || int(sum) != bytes {
		p.t.Errorf("%d cells of %g bytes, want %d", len(cells), sum, bytes)
	}
}

// TestAnotherFileEndsTheFirst gives the page a second file while it is at work on
// the first.
func TestAnotherFileEndsTheFirst(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1000, 800, "light")
	for range 5 {
		p.upload("gotool.wasm", gotool(t))
	}
	p.choose("mistake.wasm", read(t, "../page/mistake.wasm"))
	is.Equal(p.text("#verdict h2"), "Not valid")
	is.True(strings.Contains(p.text("#verdict .file"), "mistake.wasm"))
	is.Equal(p.text(".listing .fault .text"), "f64.div")
	p.choose("gotool.wasm", gotool(t))
	is.Equal(p.text("#verdict h2"), "Valid")
}

func TestSamples(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1280, 900, "light")
	p.do(chromedp.Click(chromedp.CSS("[data-sample='program.wasm']")))
	p.wait("document.body.dataset.state === 'done'")
	is.Equal(p.text("#verdict h2"), "Valid")
	p = openPage(t, 1280, 900, "light")
	p.do(chromedp.Click(chromedp.CSS("[data-sample='mistake.wasm']")))
	p.wait("document.body.dataset.state === 'done'")
	is.Equal(p.text("#verdict h2"), "Not valid")
	p.picture("mistake-light")
}

func TestDrop(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1280, 900, "light")
	p.do(script(`(() => {
		const dataTransfer = new DataTransfer();
		dataTransfer.items.add(new File([new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])], "dropped.wasm"));
		for (const type of ["dragenter", "dragover", "drop"]) {
			document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
		}
	})()`))
	p.wait("document.body.dataset.state === 'done'")
	is.Equal(p.text("#verdict h2"), "Valid")
	is.True(strings.Contains(p.text("#verdict .file"), "dropped.wasm"))
	is.True(!eval[bool](p, "document.querySelector('.veil').checkVisibility()"))
}

// TestNothingLeaves checks that the browser refuses what the page has no right to,
// even to scripts in the page, and that through all tests nobody but the server
// was asked for anything.
func TestNothingLeaves(t *testing.T) {
	is := is.New(t)
	p := openPage(t, 1000, 800, "light")
	p.choose("mistake.wasm", read(t, "../page/mistake.wasm"))
	elsewhere := closedPort(t)
	is.Equal(eval[string](p, fmt.Sprintf("fetch(%q).then(() => 'sent', () => 'refused')", elsewhere), chromedp.EvalAwaitPromise), "refused")
	is.Equal(eval[string](p, fmt.Sprintf(`new Promise((resolve) => {
		const image = new Image();
		image.onload = () => resolve('sent');
		image.onerror = () => resolve('refused');
		image.src = %q;
	})`, elsewhere), chromedp.EvalAwaitPromise), "refused")
	is.Equal(eval[string](p, "try { document.body.innerHTML = '<p>'; 'allowed' } catch { 'refused' }"), "refused")
	p.expectConsole("connect-src", "img-src", "TrustedHTML")
	is.Equal(seen.others(), []string{})
}

func TestPictures(t *testing.T) {
	if *screenshots == "" {
		t.Skip("no pictures are wanted: -screenshots is not given")
	}
	broken, _ := breakAdd(t, gotool(t))
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 400} {
			for name, content := range map[string][]byte{"valid": gotool(t), "invalid": broken, "mistake": read(t, "../page/mistake.wasm")} {
				p := openPage(t, width, 900, scheme)
				p.choose(name+".wasm", content)
				is.New(t).True(eval[bool](p, "document.documentElement.scrollWidth <= innerWidth"))
				p.picture(fmt.Sprintf("%s-%s-%d", name, scheme, width))
			}
		}
	}
}

// TestPictureOfTheReadme writes the picture that the README shows, if pictures are
// wanted.
func TestPictureOfTheReadme(t *testing.T) {
	if *screenshots == "" {
		t.Skip("no pictures are wanted: -screenshots is not given")
	}
	broken, _ := breakAdd(t, gotool(t))
	p := openPage(t, 1100, 1580, "light")
	p.choose("gotool.wasm", broken)
	p.write("screenshot", chromedp.CaptureScreenshot())
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
