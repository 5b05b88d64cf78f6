package explain_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	all    = flag.Bool("all", false, "explain all modules, and not only as many as a quick run has time for")
)

// subject is a module that mistakes are made in.
type subject struct {
	name     string
	wasm     []byte
	features ops.Features
	module   *module.Module
}

// newSubject is a subject with its declarations.
func newSubject(t testing.TB, name string, wasm []byte, f ops.Features) subject {
	t.Helper()
	m, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(f))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return subject{name, wasm, f, m}
}

// seeded is a mistake that was made.
type seeded struct {
	expected
	name    string
	subject subject
	patient *patient
	wasm    []byte
	offsets map[place]int
	err     *validator.Error
}

// make makes a mistake in a subject; ok is false where it has no place for it.
func (m mistake) make(t testing.TB, s subject) (*seeded, bool) {
	t.Helper()
	p := dissect(t, s.wasm, s.module)
	e, ok := m.seed(p)
	if !ok || e.features != 0 && !e.own && !e.features.Has(s.module.RequiredFeatures()) {
		return nil, false
	}
	made := &seeded{expected: e, name: m.name, subject: s, patient: p}
	made.wasm, made.offsets = p.assemble()
	if e.after != nil {
		made.wasm = e.after(made.wasm)
	}
	if made.features == 0 {
		made.features = s.features
	}
	if made.kind == 0 {
		made.kind = validator.Invalid
	}
	_, err := validator.Validate(context.Background(), made.wasm, made.option(), validator.WithWorkers(1))
	if !errors.As(err, &made.err) {
		t.Fatalf("%s in %s: %v, want an error of the module", m.name, s.name, err)
	}
	return made, true
}

// option is the features with which the mistake is one.
func (s *seeded) option() validator.Option { return validator.WithFeatures(s.features) }

// place is the n-th operator from the site.
func (s *seeded) place(n int) place { return s.site.next(n) }

// offsetOf is where the n-th operator from the site is; -1 stands for the
// function, whose offset is that of its body.
func (s *seeded) offsetOf(n int) int {
	offset, ok := s.offsets[s.place(n)]
	if !ok {
		panic(fmt.Sprintf("%s: no operator %d", s.name, n))
	}
	return offset
}

// textOf is the n-th operator from the site as the text format writes it.
func (s *seeded) textOf(n int) string {
	var in ops.Instr
	if err := ops.NewDecoder(s.patient.piece(s.place(n)).bytes, 0, ops.All).Next(&in); err != nil {
		panic(err)
	}
	return in.String()
}

// golden is the modules that the golden files are made from: those of the
// repository, in the order in which a mistake tries them.
func golden(t testing.TB) (list []subject) {
	t.Helper()
	for _, name := range []string{"algorithms", "shapes", "gotool"} {
		for _, m := range realmodules.All() {
			if m.Name == name {
				list = append(list, newSubject(t, name, m.Bytes, ops.Default))
			}
		}
	}
	return list
}

// fetched is the modules of npm packages that are there.
func fetched(t testing.TB) (list []subject) {
	t.Helper()
	dir, err := realmodules.Dir()
	if err != nil {
		t.Skip(err)
	}
	for _, m := range realmodules.Manifest() {
		wasm, err := m.Read(dir)
		if os.IsNotExist(err) {
			t.Logf("%s is not in %s: go run ./testdata/fetchnpm", m.Name, dir)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := ops.ParseFeatures(m.Features)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, newSubject(t, m.Name, wasm, f|ops.Default))
	}
	return list
}

// TestMistakes makes every mistake in the first module of the repository that
// has a place for it, and compares the explanation with what the mistake says
// about itself and its text with a golden file.
func TestMistakes(t *testing.T) {
	subjects := golden(t)
	kinds, seen := 0, map[string]bool{}
	for _, m := range mistakes() {
		t.Run(m.name, func(t *testing.T) {
			is := is.New(t)
			is.True(!seen[m.name]) // one name, one mistake
			seen[m.name] = true
			for _, s := range subjects {
				made, ok := m.make(t, s)
				if !ok {
					continue
				}
				kinds++
				d := explain.Explain(made.wasm, made.err, made.option())
				for _, wrong := range made.check(d) {
					t.Errorf("%s: %v: %s", s.name, made.err, wrong)
				}
				compareGolden(t, m.name, d.Text(explain.TextOptions{File: s.name + ".wasm"}))
				return
			}
			t.Fatal("no module of the repository has a place for it")
		})
	}
	t.Logf("%d kinds of mistake", kinds)
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".golden"); !seen[name] {
			t.Errorf("%s belongs to no mistake", f)
		}
	}
}

// compareGolden compares a text with the golden file of the name.
func compareGolden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./validator/explain -run TestMistakes -update", err)
	}
	if text != string(want) {
		t.Errorf("%s differs from the text:\n%s", file, text)
	}
}

// TestMistakesEverywhere makes the mistakes in all modules that are there: each
// one in the small ones, and every fourth in one of the large ones in turn.
func TestMistakesEverywhere(t *testing.T) {
	t.Parallel()
	subjects := append(golden(t), fetched(t)...)
	const large = 1 << 20
	small := slices.DeleteFunc(slices.Clone(subjects), func(s subject) bool { return len(s.wasm) >= large })
	rest := slices.DeleteFunc(slices.Clone(subjects), func(s subject) bool { return len(s.wasm) < large })
	made := map[string]int{}
	for i, m := range mistakes() {
		t.Run(m.name, func(t *testing.T) {
			list := slices.Clone(small)
			if len(rest) > 0 && i%4 == 0 {
				list = append(list, rest[i/4%len(rest)])
			}
			for _, s := range list {
				x, ok := m.make(t, s)
				if !ok {
					continue
				}
				made[s.name]++
				for _, wrong := range x.check(explain.Explain(x.wasm, x.err, x.option())) {
					t.Errorf("%s: %v: %s", s.name, x.err, wrong)
				}
			}
		})
	}
	for _, s := range subjects {
		t.Logf("%s: %d mistakes", s.name, made[s.name])
	}
}

// report collects what is wrong with an explanation.
type report []string

func (r *report) addf(format string, args ...any) { *r = append(*r, fmt.Sprintf(format, args...)) }

// want adds a line unless two values are equal.
func want[T comparable](r *report, what string, got, want T) {
	if got != want {
		r.addf("%s is %v, want %v", what, got, want)
	}
}

// check compares an explanation with what the mistake says about itself.
func (s *seeded) check(d *explain.Diagnosis) (r report) {
	want(&r, "kind", d.Kind, s.kind)
	want(&r, "kind of the error", s.err.Kind, s.kind)
	want(&r, "message", d.Message, s.err.Message)
	want(&r, "offset", d.Offset, s.err.Offset)
	if !strings.HasPrefix(s.err.Message, s.message) {
		r.addf("the error is %q, want %q", s.err.Message, s.message)
	}
	if s.inBody {
		s.checkFunc(&r, d)
		s.checkOperator(&r, d)
		s.checkListing(&r, d)
		s.checkWants(&r, d)
		s.checkBlocks(&r, d)
	} else {
		s.checkSection(&r, d)
	}
	s.checkHints(&r, d)
	s.checkText(&r, d)
	if _, err := json.Marshal(d); err != nil {
		r.addf("%v", err)
	}
	return r
}

// checkFunc compares the function.
func (s *seeded) checkFunc(r *report, d *explain.Diagnosis) {
	if d.Func == nil {
		r.addf("no function")
		return
	}
	index := s.patient.function(s.site)
	want(r, "function", d.Func.Index, index)
	want(r, "function of the error", s.err.Func, index)
	if s.patient.names != nil {
		if name, ok := s.patient.names.Func(uint32(index)); ok && !strings.HasPrefix(name, strings.TrimSuffix(d.Func.Name, "…")) || ok == (d.Func.Name == "") {
			r.addf("name of the function is %q, want %q", d.Func.Name, name)
		}
	}
	want(r, "parameters", d.Func.Params, len(s.subject.module.Types().Params(s.subject.module.FuncType(uint32(index)))))
}

// checkOperator compares the operator.
func (s *seeded) checkOperator(r *report, d *explain.Diagnosis) {
	if s.noOp {
		return
	}
	if d.Op == nil {
		r.addf("no operator")
		return
	}
	want(r, "offset of the operator", d.Op.Offset, s.offsetOf(s.at))
	want(r, "offset of the error", s.err.Offset, s.errorOffset())
	text := s.op
	if text == "" {
		text = s.textOf(s.at)
	}
	if d.Op.Text != text && (s.op == "" || !strings.HasPrefix(d.Op.Text, text)) {
		r.addf("operator is %q, want %q", d.Op.Text, text)
	}
}

// errorOffset is where the error is: at the operator, or in its immediate where
// the encoding of that is at fault.
func (s *seeded) errorOffset() int {
	if s.kind == validator.Malformed && strings.HasPrefix(s.message, "integer") {
		return s.offsetOf(s.at) + 1
	}
	return s.offsetOf(s.at)
}

// checkListing compares the operators around the one at fault.
func (s *seeded) checkListing(r *report, d *explain.Diagnosis) {
	if s.noOp || s.kind == validator.Malformed {
		return
	}
	faults, last := 0, -1
	for _, o := range d.Listing {
		if o.Offset <= last {
			r.addf("the listing is out of order at 0x%x", o.Offset)
		}
		last = o.Offset
		if o.Fault {
			faults++
			want(r, "offset of the fault", o.Offset, s.offsetOf(s.at))
		}
	}
	want(r, "faults", faults, 1)
	for n := max(s.at-5, -s.site.at); n <= s.at; n++ {
		i := slices.IndexFunc(d.Listing, func(o explain.Operator) bool { return o.Offset == s.offsetOf(n) })
		if i < 0 {
			r.addf("operator %d is not in the listing", n)
			continue
		}
		want(r, "operator in the listing", d.Listing[i].Text, s.textOf(n))
	}
}

// checkWants compares the operands.
func (s *seeded) checkWants(r *report, d *explain.Diagnosis) {
	if !strings.HasPrefix(s.message, "type mismatch") {
		return
	}
	want(r, "traced", d.Traced, true)
	if len(d.Want) != len(s.wants) {
		r.addf("operands %+v, want %+v", d.Want, s.wants)
		return
	}
	for i, w := range s.wants {
		s.checkWant(r, d.Want[i], w, len(s.wants)-1-i)
	}
}

// checkWant compares one operand.
func (s *seeded) checkWant(r *report, got explain.Want, w wanted, depth int) {
	want(r, "depth", got.Depth, depth)
	if w.verdict != "" {
		want(r, fmt.Sprintf("verdict of depth %d", depth), got.Verdict, w.verdict)
	}
	if w.want != "" {
		want(r, fmt.Sprintf("wanted type of depth %d", depth), got.Want, w.want)
	}
	if w.found == "" {
		return
	}
	if got.Found == nil {
		r.addf("nothing found at depth %d", depth)
		return
	}
	want(r, fmt.Sprintf("type of depth %d", depth), got.Found.Type, w.found)
	if got.Found.Origin == nil {
		r.addf("no origin of depth %d", depth)
		return
	}
	want(r, fmt.Sprintf("origin of depth %d", depth), got.Found.Origin.Offset, s.offsetOf(w.from))
	want(r, fmt.Sprintf("operator of depth %d", depth), got.Found.Origin.Text, s.textOf(w.from))
}

// checkBlocks compares the blocks around the operator.
func (s *seeded) checkBlocks(r *report, d *explain.Diagnosis) {
	if s.noOp || s.blocks || !d.Traced {
		return
	}
	around := s.patient.around(s.place(s.at))
	want(r, "number of blocks", d.FrameCount, len(around)+1)
	for i, f := range d.Frames {
		if i == len(d.Frames)-1 {
			want(r, "outermost label", f.Label, len(around))
		} else {
			want(r, "label", f.Label, i)
		}
		if f.Label < len(around) {
			want(r, fmt.Sprintf("offset of block %d", f.Label), f.Offset, s.offsets[around[f.Label]])
		} else {
			want(r, "outermost block", f.Kind, "func")
		}
	}
	switch {
	case s.target == nil:
	case d.Target == nil:
		r.addf("no block that it ends or branches to")
	case *s.target < 0:
		want(r, "block that it ends", d.Target.Kind, "func")
	default:
		want(r, "block that it ends or branches to", d.Target.Offset, s.offsetOf(*s.target))
	}
}

// checkSection compares section and item.
func (s *seeded) checkSection(r *report, d *explain.Diagnosis) {
	if d.Func != nil {
		r.addf("function %d", d.Func.Index)
	}
	if s.section == 0 {
		return
	}
	if d.Section == nil {
		r.addf("no section")
		return
	}
	want(r, "section", d.Section.Name, s.section.String())
	if s.item == "" {
		return
	}
	if d.Item == nil {
		r.addf("no item")
		return
	}
	want(r, "item", d.Item.What, s.item)
	want(r, "number of the item", d.Item.Number, s.number)
	if s.field != "" {
		want(r, "field", d.Item.Field, s.field)
	}
	if s.op != "" && (d.Op == nil || d.Op.Text != s.op) {
		r.addf("operator %+v, want %s", d.Op, s.op)
	}
}

// checkHints compares the hints.
func (s *seeded) checkHints(r *report, d *explain.Diagnosis) {
	if s.feature != "" && (d.Feature == nil || !slices.Contains(d.Feature.Names, s.feature)) {
		r.addf("feature %+v, want %s", d.Feature, s.feature)
	}
	if s.limit != "" && (d.Limit == nil || d.Limit.Field != s.limit) {
		r.addf("limit %+v, want %s", d.Limit, s.limit)
	}
	if len(s.hints) == 0 {
		return
	}
	if len(d.Hints) == 0 || !slices.Contains(s.hints, d.Hints[0].Kind) {
		r.addf("hints %+v, want one of %v as the first", d.Hints, s.hints)
		return
	}
	if s.replace != "" {
		want(r, "replacement", d.Hints[0].Replace, s.replace)
	}
	if s.hintAt != nil {
		want(r, "place of the hint", d.Hints[0].Offset, s.offsetOf(*s.hintAt))
	}
}

// checkText compares the text with the diagnosis.
func (s *seeded) checkText(r *report, d *explain.Diagnosis) {
	text := d.Text(explain.TextOptions{File: "m.wasm", Width: 1 << 10})
	says := func(what, part string) {
		if !strings.Contains(text, part) {
			r.addf("the text does not say %s %q", what, part)
		}
	}
	says("the message", d.Message)
	says("the offset", fmt.Sprintf("0x%x", d.Offset))
	if d.Func != nil {
		says("the function", fmt.Sprint(d.Func.Index))
		says("the name", d.Func.Name)
	}
	if d.Op != nil {
		says("the operator", d.Op.Text)
	}
	for _, w := range d.Want {
		if w.Found != nil && w.Found.Origin != nil {
			says("the origin", w.Found.Origin.Text)
			says("the place of the origin", fmt.Sprintf("0x%x", w.Found.Origin.Offset))
		}
	}
	for _, h := range d.Hints {
		says("the hint", h.Text)
	}
}
