package ops

import (
	"fmt"
	"math/bits"
	"strings"
)

// Features is a set of WebAssembly proposals, one bit each. The zero value is
// the minimum viable product: no proposal at all.
//
// Two names gate constructs that are otherwise standard, [Floats] and
// [GCTypes]. They are on in every set, also in one that does not name them,
// unless [WithoutFloats] or [WithoutGCTypes] is there; so a list of what a
// module needs never has to mention them.
//
// Two proposals bring another with them: reference-types brings
// call-indirect-overlong, and bulk-memory brings bulk-memory-opt. A set that
// has the first has the second, whether or not its bit is set; [Features.Has]
// answers for both.
type Features uint64

// The proposals. The comment of each is the name that [ParseFeatures] reads.
const (
	MutableGlobal           Features = 1 << iota // mutable-global
	SaturatingFloatToInt                         // saturating-float-to-int
	SignExtension                                // sign-extension
	ReferenceTypes                               // reference-types
	MultiValue                                   // multi-value
	BulkMemory                                   // bulk-memory
	SIMD                                         // simd
	RelaxedSIMD                                  // relaxed-simd
	Threads                                      // threads
	SharedEverythingThreads                      // shared-everything-threads
	TailCall                                     // tail-call
	Floats                                       // floats
	MultiMemory                                  // multi-memory
	Exceptions                                   // exceptions
	Memory64                                     // memory64
	ExtendedConst                                // extended-const
	FunctionReferences                           // function-references
	GC                                           // gc
	GCTypes                                      // gc-types
	CustomPageSizes                              // custom-page-sizes
	LegacyExceptions                             // legacy-exceptions
	StackSwitching                               // stack-switching
	WideArithmetic                               // wide-arithmetic
	CallIndirectOverlong                         // call-indirect-overlong
	BulkMemoryOpt                                // bulk-memory-opt
	CustomDescriptors                            // custom-descriptors
	CompactImports                               // compact-imports
	MemoryControl                                // memory-control

	// WithoutFloats takes floating-point types and operators out of a set.
	WithoutFloats
	// WithoutGCTypes takes the reference types that need a garbage collector
	// out of a set: all but funcref, exnref and references to functions.
	WithoutGCTypes

	// Tags is what exceptions, legacy-exceptions and stack-switching have in
	// common: the tag section, and throw. It is no proposal and has no name.
	// [Features.Effective] has it when one of the three is on; nobody else sets it.
	Tags
	// TypedRefs is what function-references and gc have in common: references to
	// type indices, and the long encodings of reference types. It is no proposal
	// either, and [Features.Effective] has it when one of the two is on.
	TypedRefs

	// effective marks what Effective has returned, so that asking again costs next to
	// nothing. It is the lowest bit of the seal.
	effective
)

// The named sets. Wasm1, Wasm2 and Wasm3 are the published standards and
// nothing more. Default is what engines run without being asked.
const (
	MVP   = Floats | GCTypes
	Wasm1 = MVP | MutableGlobal
	Wasm2 = Wasm1 | SaturatingFloatToInt | SignExtension | ReferenceTypes | MultiValue |
		BulkMemory | SIMD
	Wasm3 = Wasm2 | RelaxedSIMD | TailCall | MultiMemory | Exceptions | Memory64 |
		ExtendedConst | FunctionReferences | GC
	Lime1 = Wasm1 | SaturatingFloatToInt | SignExtension | MultiValue | BulkMemoryOpt |
		ExtendedConst | CallIndirectOverlong
	Default = Wasm3 | Threads | WideArithmetic | CompactImports
	All     = WithoutFloats - 1
)

// featureNames lists the name of each bit, in the order of the bits.
var featureNames = [...]string{
	"mutable-global", "saturating-float-to-int", "sign-extension", "reference-types",
	"multi-value", "bulk-memory", "simd", "relaxed-simd", "threads",
	"shared-everything-threads", "tail-call", "floats", "multi-memory", "exceptions",
	"memory64", "extended-const", "function-references", "gc", "gc-types",
	"custom-page-sizes", "legacy-exceptions", "stack-switching", "wide-arithmetic",
	"call-indirect-overlong", "bulk-memory-opt", "custom-descriptors", "compact-imports",
	"memory-control",
}

// featureSets lists the named sets; String tries them in this order.
var featureSets = [...]struct {
	name string
	set  Features
}{
	{"mvp", MVP}, {"wasm1", Wasm1}, {"wasm2", Wasm2}, {"wasm3", Wasm3},
	{"lime1", Lime1}, {"default", Default}, {"all", All},
}

// gates are the two names that are on unless taken out, each with its opposite.
var gates = [...]struct{ on, off Features }{
	{Floats, WithoutFloats}, {GCTypes, WithoutGCTypes},
}

// shared lists what several proposals have in common, with these proposals, and
// the one among them to name when none is on.
var shared = [...]struct{ what, by, name Features }{
	{Tags, Exceptions | LegacyExceptions | StackSwitching, Exceptions},
	{TypedRefs, FunctionReferences | GC, FunctionReferences},
}

// brings lists the proposals that include another.
var brings = [...]struct{ feature, brought Features }{
	{ReferenceTypes, CallIndirectOverlong}, {BulkMemory, BulkMemoryOpt},
}

// Has reports whether every proposal of want is on in f.
func (f Features) Has(want Features) bool { return want&^sealMask&^f.Effective() == 0 }

// Effective returns f with the proposals that its members bring with them,
// and with Floats and GCTypes exactly when f does not take them out. It is
// the set whose single bits a validator may test. To a set that Effective has
// returned members may be added, and taken from it, as with any other.
func (f Features) Effective() Features {
	if f&sealMask == f.seal() {
		return f
	}
	return f.effective()
}

// sealMask are the bits that no proposal has.
const sealMask = ^(effective - 1)

// seal returns what the bits of sealMask are in a set that is complete. They depend on
// its members, so that a change to it breaks the seal.
func (f Features) seal() Features { return f&^sealMask*0x9E3779B97F4A7C15&sealMask | effective }

func (f Features) effective() Features {
	f &^= sealMask
	for _, b := range brings {
		if f&b.feature != 0 {
			f |= b.brought
		}
	}
	for _, g := range gates {
		f |= g.on
		if f&g.off != 0 {
			f &^= g.on
		}
	}
	for _, s := range shared {
		f &^= s.what
		if f&s.by != 0 {
			f |= s.what
		}
	}
	return f | f.seal()
}

// Missing returns the members of need that are not on in f. It names proposals:
// Exceptions where Tags is missing, and FunctionReferences where TypedRefs is.
func (f Features) Missing(need Features) Features {
	missing := need &^ sealMask &^ f.Effective() &^ (WithoutFloats | WithoutGCTypes)
	for _, s := range shared {
		if missing&s.what != 0 {
			missing = missing&^s.what | s.name
		}
	}
	return missing
}

// Minimal returns the proposals of f that no other member of f brings with it,
// without Floats and GCTypes: the list to show to a person. What several
// proposals have in common counts as one of them where f has none of them.
func (f Features) Minimal() Features {
	for _, s := range shared {
		if f&s.what != 0 && f&s.by == 0 {
			f |= s.name
		}
	}
	for _, b := range brings {
		if f&b.feature != 0 {
			f &^= b.brought
		}
	}
	return f & All &^ (Floats | GCTypes)
}

// Names returns the names of the single members of f, in a fixed order.
func (f Features) Names() []string {
	names := []string{}
	for m := f & All; m != 0; m &= m - 1 {
		names = append(names, featureNames[bits.TrailingZeros64(uint64(m))])
	}
	return names
}

// ParseFeatures reads a comma-separated list of proposals and named sets, each
// of which is added to the set, or taken out of it after a minus sign:
// "wasm3,threads,-simd". The list is read from left to right and starts from
// nothing; an empty list is the MVP. A proposal that is taken out takes with it
// those that would bring it back. Space around a name does not matter.
//
// The error names the word that it does not know.
func ParseFeatures(list string) (Features, error) {
	var f Features
	if strings.TrimSpace(list) == "" {
		return f, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		word = strings.TrimSpace(word)
		name, minus := strings.CutPrefix(word, "-")
		set, ok := lookupFeature(strings.TrimSpace(name))
		switch {
		case !ok:
			return 0, fmt.Errorf("unknown feature %q", word)
		case minus:
			f = f.without(set)
		default:
			f = f.with(set)
		}
	}
	return f, nil
}

// lookupFeature returns the set that a single name stands for.
func lookupFeature(name string) (Features, bool) {
	for i, n := range featureNames {
		if n == name {
			return 1 << i, true
		}
	}
	for _, s := range featureSets {
		if s.name == name {
			return s.set, true
		}
	}
	return 0, false
}

// with returns f with the proposals of set, as a list that names them adds them.
func (f Features) with(set Features) Features {
	for _, g := range gates {
		if set&g.on != 0 {
			f &^= g.off
		}
	}
	return f | set
}

// without returns f with the proposals of set off.
func (f Features) without(set Features) Features {
	for _, b := range brings {
		if set&b.brought != 0 {
			set |= b.feature
		}
	}
	for _, g := range gates {
		if set&g.on != 0 {
			f |= g.off
		}
	}
	return f &^ set
}

// String returns the shortest list that starts with at most one named set and
// that [ParseFeatures] reads back as f. The empty set is "".
func (f Features) String() string {
	f &= Tags - 1
	best := f.list(0, "")
	if f.parses(best) && len(f.Names()) <= 1 && f&(WithoutFloats|WithoutGCTypes) == 0 {
		return best
	}
	for _, s := range featureSets {
		if l := f.list(s.set, s.name); f.parses(l) && (!f.parses(best) || strings.Count(l, ",") < strings.Count(best, ",")) {
			best = l
		}
	}
	return best
}

// list writes f as a difference from the set base called name.
func (f Features) list(base Features, name string) string {
	var words []string
	if name != "" {
		words = append(words, name)
	}
	off := base &^ f
	for _, g := range gates {
		if f&g.off != 0 {
			off |= g.on
		}
	}
	for _, n := range off.Names() {
		words = append(words, "-"+n)
	}
	words = append(words, (f &^ base).Names()...)
	return strings.Join(words, ",")
}

// parses reports whether list reads back as f.
func (f Features) parses(list string) bool {
	g, err := ParseFeatures(list)
	return err == nil && g == f
}

// MarshalText returns the text of [Features.String].
func (f Features) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what [ParseFeatures] reads.
func (f *Features) UnmarshalText(text []byte) error {
	g, err := ParseFeatures(string(text))
	if err == nil {
		*f = g
	}
	return err
}
