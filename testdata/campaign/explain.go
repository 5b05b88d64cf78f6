package main

import (
	"regexp"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// reason is something known about a judge that makes it differ from us.
type reason struct {
	judge  string                 // how its name begins
	ours   *regexp.Regexp         // our verdict
	theirs *regexp.Regexp         // the judge's verdict
	shows  func(wasm []byte) bool // whether the module has what it takes; nil for any
	text   string                 // why, and what the specification says
}

var rx = regexp.MustCompile

// reasons lists them; the first that fits is taken.
var reasons = []*reason{
	{"", rx(`^limit: `), rx(`^valid$`), nil,
		"A limit of this library, as validator.Limits states it. The specification leaves limits to implementations (7.2)."},

	{"V8", rx(`^valid$`), rx(`module uses a mix of legacy and new exception handling instructions`), nil,
		"V8 refuses modules that use the legacy exception instructions together with the standard ones. They are different proposals, and no rule speaks of both."},
	{"V8", rx(`^valid$`), rx(`length overflow while decoding (initial|maximum) size`), nil,
		"V8 reads the limits of tables and memories with 32-bit addresses in at most five bytes. Limits are of type u64, in up to ten bytes, for both address types (5.3.9 Limits)."},
	{"V8", rx(`^invalid: type mismatch: label \d+ takes .*, which does not end with a reference$`), rx(`^valid$`), hasOp(ops.BrOnNonNull),
		"V8 does not look at the label of br_on_non_null where its operand is not known. The label must end with a reference, in unreachable code too (3.4.2, br_on_non_null)."},
	{"V8", rx(`^invalid: type mismatch: instruction requires \[eqref\] but stack has `), rx(`^valid$`), hasOp(ops.RefEq),
		"V8 does not check the operands of ref.eq in unreachable code. One that is there must match eqref (3.4.6, ref.eq)."},
	{"V8", rx(`^valid$`), rx(`(initial|maximum) (table|memory) size \(\d+ (elements|pages)\) is larger than implementation limit`), nil,
		"V8 refuses tables and memories that are declared larger than it can make them. Limits on their size apply at run time (JavaScript API, Implementation-defined Limits); validation allows all that addresses reach (3.2, Memory Types and Table Types)."},
	{"V8", rx(`^invalid: type mismatch: .*ref.* but stack has .*ref`), rx(`^valid$`), hasOp(ops.Loop),
		"V8 leaves at the end of a loop the operands with the types that they have. They have those of the loop's type, which may be less (3.4.2, loop)."},
	{"V8", rx(`^valid$`), rx(`resume_throw_ref\[0\] expected type exnref`), hasOp(ops.ResumeThrowRef),
		"V8 takes the operands of resume_throw_ref in the other order. It is [exnref (ref null $ct)] -> [t2*] (stack switching proposal, Instructions)."},
	{"V8", rx(`^invalid: type mismatch(: switch tag does not match continuation| in switch tag)`), rx(`^valid$`), nil,
		"V8 does not look at the parameters of a tag that is for switch, nor, among handlers, at its results. It is [] -> [t*], where a handler is for a continuation with results t* (stack switching proposal, Instructions)."},
	{"V8 11.", rx(`^invalid: atomic alignment must be natural`), rx(`^valid$`), nil,
		"V8 up to version 11 lets atomic accesses have a smaller alignment than the natural one. The threads proposal requires it to be equal."},
	{"V8", rx(`^malformed: malformed reference type`), rx(`^valid$`), nil,
		"V8 reads any value type where an element segment has a reference type (5.5.12 Element Section)."},

	{"wazero", rx(`^valid$`), rx(`import\[\d+\] has an empty module name`), nil,
		"wazero refuses imports from a module whose name is empty. Every name is a name (5.2.4 Names)."},
	{"wazero", rx(`^valid$`), rx(`failed to read custom section name\[.*\]: EOF`), nil,
		"wazero refuses custom sections that are empty but for their name. Their contents are any bytes, and none too (5.5.3 Custom Section)."},
	{"wazero", rx(`^valid$`), rx(`^section custom: `), nil,
		"wazero refuses modules whose name section is wrong or there twice. Errors in custom sections do not make a module invalid (7.4 Custom Sections)."},
	{"wazero", nil, nil, hasLongOpcode,
		"wazero reads the opcode behind a prefix byte as one byte or takes it for another. It is an integer of type u32, which need not be of the shortest form (5.2.2, 5.4.8)."},
	{"wazero", rx(`^valid$`), rx(`invalid vector opcode for const expression`), nil,
		"wazero reads the opcode behind a prefix byte as one byte in constant expressions too (5.2.2, 5.4.8)."},
	{"wazero", rx(`^valid$`), rx(`too many type immediates for typed_select`), hasOp(ops.SelectT),
		"wazero reads the number of types of a select as one byte. It is an integer of type u32, which need not be of the shortest form (5.1.3, 5.2.2)."},
	{"wazero", rx(`^invalid: atomic alignment must be natural`), rx(`^valid$`), nil,
		"wazero lets atomic accesses have a smaller alignment than the natural one. The threads proposal requires it to be equal."},
	{"wazero", rx(`^malformed: malformed (heap|reference|value) type`), rx(`^valid$`), nil,
		"wazero takes bytes for types that are none (5.3.3 to 5.3.5)."},
	{"wazero", rx(`^malformed: integer representation too long`), rx(`^valid$`), importsTableOfNoType,
		"wazero takes any byte for the type of an imported table, also one with which an integer would go on (2.0, 5.3.9 Table Types)."},
	{"wazero", rx(`^valid$`), rx(`table min must be at most 134217728`), nil,
		"wazero refuses tables that begin with more than 2^27 elements, a limit of its own. The specification leaves limits to implementations (7.2); validation allows 2^32-1 (2.0, 3.2.4 Table Types)."},
	{"wazero", rx(`^invalid: multiple memories`), rx(`^valid$`), nil,
		"wazero does not count imported memories. A module has at most one memory (2.0, 3.4.10 Modules)."},
	{"wazero", rx(`^invalid: type mismatch: instruction requires \[\w+ \w+ i32\] but stack has \[\w+ \w+ i32\]`), rx(`^valid$`), hasOp(ops.SelectT),
		"wazero takes select with a type for one of any operands of one type. It is [t t i32] -> [t] for the type t that is written (2.0, 3.3.4 Parametric Instructions)."},
	{"wazero", rx(`^malformed: unexpected end`), rx(`^valid$`), hasEmptyDataCount,
		"wazero takes a data count section without a count. It holds a u32 (5.5.15 Data Count Section)."},
	{"wazero", rx(`^invalid: (constant expression required|unknown global)`), rx(`^valid$`), nil,
		"wazero lets constant expressions read globals that are mutable or not imported (2.0, 3.3.13 Constant Expressions)."},
}

// explain returns the reason why the verdicts differ, nil when none is known.
func explain(j judge, wasm []byte, mine, theirs verdict) *reason {
	for _, r := range reasons {
		if strings.HasPrefix(j.name(), r.judge) && matches(r.ours, mine) && matches(r.theirs, theirs) &&
			(r.shows == nil || r.shows(wasm)) {
			return r
		}
	}
	return nil
}

func matches(x *regexp.Regexp, v verdict) bool { return x == nil || x.MatchString(v.String()) }
