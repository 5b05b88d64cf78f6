package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

// The process that judges with wazero is this program, also when it is a test.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == serveWazero {
		if err := wazeroProcess(); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// A few modules of each kind, with each judge that is there.
func TestCampaign(t *testing.T) {
	for _, a := range appointments("wazero, v8", "node") {
		t.Run(a.name, func(t *testing.T) {
			is := is.New(t)
			if _, err := exec.LookPath("node"); a.name == v8Judge && err != nil {
				t.Skip("no node: ", err)
			}
			r, err := campaign{generated: 100, faulty: 200, mutated: 200, seed: 3}.before(a)
			is.NoErr(err)
			is.Equal(r.unexplained(), 0)
			is.Equal(r.sources[0].modules, 100)
			is.Equal(r.sources[1].modules, 200)
			is.Equal(r.sources[2].modules, 200)
			is.True(r.sources[0].valid > 50)
			is.Equal(r.sources[1].valid, 0) // some faults are known not to be seen by a judge
			for _, d := range r.sources[1].disagreements {
				is.True(!d.ours.valid)
			}
			is.True(r.sources[2].invalid > 50)
			var out strings.Builder
			r.print(&out, true)
			is.True(strings.Contains(out.String(), "generated"))
		})
	}
}

// Every program with a V8 is a judge.
func TestAppointments(t *testing.T) {
	is := is.New(t)
	is.Equal(appointments("generator, v8,wazero", "node,other"), []appointment{
		{generatorJudge, ""}, {v8Judge, "node"}, {v8Judge, "other"}, {wazeroName, ""},
	})
	_, err := campaign{}.before(appointment{name: "nobody"})
	is.True(err != nil)
}

// What the generator makes is what it says.
func TestExpect(t *testing.T) {
	is := is.New(t)
	r, err := campaign{generated: 60, faulty: 300, seed: 5}.before(appointment{name: generatorJudge})
	is.NoErr(err)
	is.Equal(r.unexplained(), 0)
	is.Equal(r.sources[0].valid, 60)
	is.Equal(r.sources[1].invalid, 300)
	is.True(len(r.faults.modules) > 100)
	is.True(len(r.coverage) > 500)
	var out strings.Builder
	r.print(&out, true)
	is.True(strings.Contains(out.String(), " of the "))
}

// What no module has is named.
func TestCoverage(t *testing.T) {
	is := is.New(t)
	c := coverage{}
	c.add(validatortest.NewModule().Type("func").Func(0, "", "nop nop").Bytes())
	c.add(validatortest.NewModule().Type("func").Func(0, "", "nop unreachable").Bytes())
	is.Equal(c[ops.Nop], 2)
	is.Equal(c[ops.Unreachable], 1)
	is.Equal(c[ops.Drop], 0)
	var out strings.Builder
	c.print(&out, ops.MVP)
	is.True(strings.Contains(out.String(), "the rarest, unreachable, in 1 modules"))
	is.True(strings.Contains(out.String(), "none has block, "))

	f := faultsWith(ops.MVP)
	is.True(len(f.list) > 50)
	f.modules[f.list[0].Name]++
	out.Reset()
	f.print(&out)
	is.True(strings.HasPrefix(out.String(), "faulty modules have 1 of the "))
	is.True(strings.Contains(out.String(), "none has "+f.list[1].Name+"; "))
}

// A verdict that is not the one expected is a disagreement, in whatever it differs.
func TestExpectAnother(t *testing.T) {
	is := is.New(t)
	unknown := validatortest.NewModule().Type("func").Func(0, "", "local.get 7").Bytes()
	expected := func(wasm []byte, want *generate.Expected) int {
		t := new(tally)
		t.expect(wasm, ops.Default, want)
		return len(t.disagreements)
	}
	is.Equal(expected(emptyModule, nil), 0)
	is.Equal(expected(unknown, nil), 1)
	is.Equal(expected(unknown, &generate.Expected{Kind: validator.Invalid, Message: "unknown local", Offset: -1}), 0)
	for _, want := range []generate.Expected{
		{Kind: validator.Malformed, Message: "unknown local", Offset: -1},
		{Kind: validator.Invalid, Message: "unknown global", Offset: -1},
		{Kind: validator.Invalid, Message: "unknown local", Offset: 1},
		{Kind: validator.Invalid, Message: "unknown local", Offset: -1, Feature: ops.SIMD},
	} {
		is.Equal(expected(unknown, &want), 1)
		is.Equal(expected(emptyModule, &want), 1)
	}
}

// Faults of tags are made also where only the legacy exceptions have tags, and a
// module never uses both proposals where both are known.
func TestMixed(t *testing.T) {
	is := is.New(t)
	for _, f := range []ops.Features{ops.Wasm2 | ops.LegacyExceptions, ops.Wasm3, ops.Wasm3 | ops.LegacyExceptions} {
		m := newMaker(1, f)
		for range 2000 {
			wasm, err := m.faulty()
			is.NoErr(err)
			is.True(f&mixed != mixed || !hasOp(ops.TryTable)(wasm) || !hasOp(ops.Try)(wasm))
		}
		is.True(m.faults.modules["unknown tag"] > 0)
	}
}

// liar is a judge that takes i32.add for a mistake.
type liar struct{ f ops.Features }

func (liar) name() string             { return "liar" }
func (l liar) features() ops.Features { return l.f }
func (liar) close()                   {}

func (l liar) judge(batch [][]byte) (list []verdict, err error) {
	for _, wasm := range batch {
		v := ours(wasm, l.f)
		if v.valid && hasOp(ops.I32Add)(wasm) {
			v = verdict{message: "i32.add at 17"}
		}
		list = append(list, v)
	}
	return list, nil
}

// A disagreement is found, made small and counted with those that are like it.
func TestDisagreement(t *testing.T) {
	is := is.New(t)
	r, err := campaign{generated: 100, seed: 1}.run(liar{ops.Wasm2})
	is.NoErr(err)
	is.True(r.unexplained() > 5)
	is.Equal(len(r.sources[0].disagreements), 1)
	d := r.sources[0].disagreements[0]
	is.True(ours(d.wasm, ops.Wasm2).valid)
	is.True(hasOp(ops.I32Add)(d.wasm))
	is.True(len(d.wasm) < 40)
}

// A process that ends is started again, and only the module that it ended of has
// no verdict.
func TestProcessThatEnds(t *testing.T) {
	is := is.New(t)
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh: ", err)
	}
	// It reads a module of one byte at a time, and ends of the letter x.
	script := `while b=$(head -c 5 | tail -c 1); [ -n "$b" ]; do [ "$b" != x ] || exit 1; echo "+$b"; done`
	p := &process{command: []string{sh, "-c", script}}
	defer p.close()
	list, err := p.judge([][]byte{{'a'}, {'b'}, {'x'}, {'c'}, {'x'}, {'d'}})
	is.NoErr(err)
	is.Equal(len(list), 6)
	for i, v := range list {
		is.Equal(v.valid, i != 2 && i != 4)
	}
}

// What is not there is an error and not an endless loop.
func TestProcessThatDoesNotStart(t *testing.T) {
	is := is.New(t)
	p := &process{command: []string{"/no/such/program"}}
	_, err := p.judge([][]byte{{1}})
	is.True(err != nil)
}

func TestHasLongOpcode(t *testing.T) {
	is := is.New(t)
	module := func(body string) []byte {
		return validatortest.NewModule().Type("func").Func(0, "", body).Bytes()
	}
	is.True(!hasLongOpcode(module("i32.const 0 i32.const 0 i32.const 0 memory.fill")))
	is.True(hasLongOpcode(module("i32.const 0 i32.const 0 i32.const 0 (bytes 0xfc 0x8b 0x00 0x00)")))
}

func TestImportsTableOfNoType(t *testing.T) {
	is := is.New(t)
	module := func(kind, typ string) []byte {
		return validatortest.NewModule().Raw(2, []byte("\x01\x00\x00"+kind+typ+"\x01\x00\x06")).Bytes()
	}
	is.True(importsTableOfNoType(module("\x01", "\x82")))
	is.True(!importsTableOfNoType(module("\x01", "\x70"))) // the limits are wrong
	is.True(!importsTableOfNoType(module("\x03", "\x82")))
}

// Every reason can be given, and says why.
func TestReasons(t *testing.T) {
	is := is.New(t)
	for _, r := range reasons {
		is.True(len(r.text) > 40)
		is.True(r.ours != nil || r.theirs != nil || r.shows != nil)
	}
}
