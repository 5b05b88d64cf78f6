package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Fault is one way in which a module can be wrong.
type Fault struct {
	Name string // unique
	// Needs are the proposals that a module with this fault uses, and Without those
	// that must be off for it to be a fault.
	Needs, Without ops.Features
	// Kind and Message are the verdict: the message begins with these words of the
	// specification's test suite. The message is empty where the suite has no word
	// for it.
	Kind    validator.Kind
	Message string

	// One of them puts the fault into a module, and says where; ok is false when it
	// has no place for it.
	code    func(b *body) (at int, ok bool)
	declare func(p *program) (at place, ok bool)
	bytes   func(p *program, wasm []byte) (out []byte, at int, ok bool)
}

// Expected is what a validator must say of a module with a fault.
type Expected struct {
	Kind    validator.Kind // of the error
	Message string         // how the message begins
	Offset  int            // of the error in the module; -1 where no rule says it
	Feature ops.Features   // the proposal that would make it valid; 0 if none does
}

// Faults returns all faults that there are.
func Faults() []Fault {
	return slices.Concat(operatorFaults, indexFaults, aggregateFaults, encodingFaults, declarationFaults, segmentFaults, fileFaults, featureFaults())
}

// Faulty returns the module that belongs to the number seed, with the fault in one
// place, and what a validator must say of it. ok is false when the module has no
// place for the fault, or the features no room: another seed may do.
func Faulty(seed uint64, c Config, f Fault) (wasm []byte, want Expected, ok bool, err error) {
	p := newProgram(fromSeed(seed), c)
	p.Config.Features &^= f.Without
	p.features = p.Config.Features.Effective()
	if !p.has(f.Needs) {
		return nil, want, false, nil
	}
	want = Expected{Kind: f.Kind, Message: f.Message, Offset: -1}
	if f.Without != 0 {
		want.Feature = f.Without
	}
	p.declare()
	if f.code != nil {
		p.fault = &injection{nth: p.below(len(p.funcs) - p.importedFuncs), write: f.code}
	}
	if err := p.makeBodies(); err != nil {
		return nil, want, false, err
	}
	switch {
	case f.code != nil:
		wasm = p.encode()
		ok = p.fault.done
		if p.fault.at >= 0 {
			want.Offset = p.offset(place{site{module.SectionCode, p.fault.nth, expr}, p.fault.at})
		}
	case f.declare != nil:
		var at place
		at, ok = f.declare(p)
		wasm = p.encode()
		want.Offset = p.offset(at)
	default:
		wasm, want.Offset, ok = f.bytes(p, p.encode())
	}
	return wasm, want, ok, nil
}

// place is where an error is: a number of bytes behind a site. nowhere stands for
// one that no rule names.
type place struct {
	site
	behind int
}

var nowhere = place{behind: -1}

// offset returns the offset of a place in the module, -1 for nowhere.
func (p *program) offset(at place) int {
	if at.behind < 0 {
		return -1
	}
	return p.sites[at.site] + at.behind
}

// injection is a fault in a function body on its way.
type injection struct {
	nth   int // the body that gets it
	write func(b *body) (at int, ok bool)
	done  bool
	at    int // in the body
}

// inject writes the fault, if it has a place. Where it has none, operands that were
// made for it stay, and what the validator has not seen goes.
func (f *injection) inject(b *body) bool {
	b.unseen = -1
	f.at, f.done = f.write(b)
	if !f.done && b.unseen >= 0 {
		b.code = b.code[:b.unseen]
	}
	return f.done
}

// wrong writes operators that the validator does not see, and returns where the
// last of them begins.
func (b *body) wrong(list ...ops.Instr) int {
	if b.unseen < 0 {
		b.unseen = len(b.code)
	}
	at := 0
	for _, in := range list {
		at = len(b.code)
		b.raw(in)
	}
	return at
}
