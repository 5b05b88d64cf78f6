package validator_test

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// hugeCounts are modules that say that much is to follow, and end there: the word
// COUNT is the number, in five bytes.
var hugeCounts = []struct{ name, section string }{
	{"types", "01 05 COUNT"},
	{"types in a group", "01 07 01 4e COUNT"},
	{"supertypes", "01 07 01 50 COUNT"},
	{"parameters", "01 07 01 60 COUNT"},
	{"results", "01 08 01 60 00 COUNT"},
	{"fields", "01 07 01 5f COUNT"},
	{"imports", "02 05 COUNT"},
	{"imports of one module", "02 0a 01 01 6d 00 7f COUNT"},
	{"imports of one module and type", "02 0d 01 01 6d 00 7e 03 7f 00 COUNT"},
	{"bytes of a module name", "02 06 01 COUNT"},
	{"bytes of a name", "02 07 01 00 COUNT"},
	{"functions", "03 05 COUNT"},
	{"tables", "04 05 COUNT"},
	{"memories", "05 05 COUNT"},
	{"globals", "06 05 COUNT"},
	{"tags", "0d 05 COUNT"},
	{"exports", "07 05 COUNT"},
	{"bytes of an export name", "07 06 01 COUNT"},
	{"element segments", "09 05 COUNT"},
	{"functions of a segment", "09 08 01 01 00 COUNT"},
	{"functions of a segment of a table", "09 0a 01 00 41 00 0b COUNT"},
	{"expressions of a segment", "09 08 01 05 70 COUNT"},
	{"data count", "0c 05 COUNT"},
	{"bodies", "0a 05 COUNT"},
	{"bytes of a body", "01 04 01 60 00 00 03 02 01 00 0a 06 01 COUNT"},
	{"groups of locals", "01 04 01 60 00 00 03 02 01 00 0a 07 01 05 COUNT"},
	{"groups of locals, cut off", "01 04 01 60 00 00 03 02 01 00 0a ff ff ff ff 07 01 ff ff ff ff 06 COUNT"},
	{"locals", "01 04 01 60 00 00 03 02 01 00 0a 0a 01 08 01 COUNT 7f 0b"},
	{"targets", "01 04 01 60 00 00 03 02 01 00 0a 09 01 07 00 0e COUNT"},
	{"targets, cut off", "01 04 01 60 00 00 03 02 01 00 0a ff ff ff ff 07 01 ff ff ff ff 06 00 0e COUNT"},
	{"types of a select", "01 04 01 60 00 00 03 02 01 00 0a 09 01 07 00 1c COUNT"},
	{"clauses", "01 04 01 60 00 00 03 02 01 00 0a 0a 01 08 00 1f 40 COUNT"},
	{"handlers", "01 04 01 60 00 00 03 02 01 00 0a 0a 01 08 00 e3 00 COUNT"},
	{"handlers of a throw", "01 04 01 60 00 00 03 02 01 00 0a 0b 01 09 00 e4 00 00 COUNT"},
	{"handlers of a throw of a reference", "01 04 01 60 00 00 03 02 01 00 0a 0a 01 08 00 e5 00 COUNT"},
	{"targets in a constant expression", "06 08 01 7f 00 0e COUNT"},
	{"operands of an array", "01 07 02 60 00 00 5e 7f 00 03 02 01 00 0a 0d 01 0b 00 00 fb 08 01 COUNT 0b"},
	{"data segments", "0b 05 COUNT"},
	{"bytes of a segment", "0b 07 01 01 COUNT"},
	{"bytes of a segment of a memory", "0b 0a 01 00 41 00 0b COUNT"},
	{"bytes of a section", "01 COUNT"},
	{"bytes of a custom section", "00 COUNT"},
	{"bytes of a custom name", "00 05 COUNT"},
	{"size of a table", "04 08 01 70 00 COUNT"},
	{"size of a memory", "05 07 01 00 COUNT"},
}

// unlimited returns a section whose size, and that of no section before it, is as
// large as can be: what is counted in it may follow, as far as the size says.
func unlimited(t *testing.T, section string) string {
	t.Helper()
	words := strings.Fields(section)
	for i := 0; words[i+1] != "COUNT" && words[i+1] != "ff"; {
		size, err := strconv.ParseUint(words[i+1], 16, 8)
		is.New(t).NoErr(err)
		next := i + 2 + int(size)
		if next >= len(words) {
			words[i+1] = "ff ff ff ff 07"
			break
		}
		i = next
	}
	return strings.Join(words, " ")
}

// What a module says is to follow takes no memory until it is there, whatever the
// limits would allow, and also where no buffer is left from another module.
func TestHugeCountsAllocateNothing(t *testing.T) {
	const most = 400 << 10 // bytes, of all calls together
	// A collection between two calls empties the pools of buffers once more, and what one
	// processor has put back another may not find.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(4 << 30))
	header := hexModule("").Bytes()
	buffers := allocated(func() { read(t, header, validator.WithLimits(mostLimits)) })
	for _, c := range hugeCounts {
		t.Run(c.name, func(t *testing.T) {
			runtime.GC()
			runtime.GC() // all pools are empty now
			for _, section := range []string{unlimited(t, c.section), c.section} {
				for _, count := range []string{
					"c0 84 bd 80 00", // 1,000,000, which is within most limits
					"ff ff ff ff 06", // what fits into the largest section
					"ff ff ff ff 0f", // 2^32-1
				} {
					wasm := hexModule(strings.ReplaceAll(section, "COUNT", count)).Bytes()
					got := allocated(func() {
						verdicts(t, wasm, validator.WithWorkers(4))
						verdicts(t, wasm, validator.WithWorkers(1), validator.WithLimits(mostLimits))
					})
					if got > most {
						t.Errorf("% x: %d bytes allocated, want at most %d", wasm[8:], got, most)
					}
					got = allocated(func() { read(t, wasm, validator.WithLimits(mostLimits)) })
					if got > buffers+most/2 {
						t.Errorf("% x: %d bytes allocated by readers, want at most %d", wasm[8:], got, buffers+most/2)
					}
				}
			}
		})
	}
}

// verdicts validates a module in every way that has its own buffers.
func verdicts(t *testing.T, wasm []byte, opts ...validator.Option) {
	opts = append(opts, validator.WithFeatures(ops.All))
	_, _ = validator.Validate(t.Context(), wasm, opts...)
	_, _, _ = validator.Spine(t.Context(), wasm, opts...)
	_, _ = validator.Errors(t.Context(), wasm, 100, opts...)
	s := validator.NewStream(t.Context(), opts...)
	_, _ = s.Write(wasm)
	_, _ = s.Finish()
}

// read validates a module in the ways that have a buffer for what they read, whatever
// that is.
func read(t *testing.T, wasm []byte, opts ...validator.Option) {
	opts = append(opts, validator.WithFeatures(ops.All))
	_, _ = validator.ValidateReader(t.Context(), bytes.NewReader(wasm), opts...)
	_, _ = validator.ValidateReaderAt(t.Context(), bytes.NewReader(wasm), int64(len(wasm)), opts...)
}
