package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// explainFeature names the proposals that would have allowed the construct.
func (x *explainer) explainFeature() {
	missing := x.err.Feature
	if missing == 0 {
		return
	}
	f := &Feature{Names: missing.Names(), Enable: (x.features() | missing).String()}
	x.d.Feature = f
	x.hint(Hint{
		Kind: HintFeature, Offset: x.err.Offset,
		Text: fmt.Sprintf("the %s proposal would allow this; turn it on with -features %s, in Go with validator.WithFeatures",
			strings.Join(f.Names, " and "), f.Enable),
	})
}

// limits says which field of [validator.Limits] a message is about: the words
// that it has in it.
var limits = []struct{ words, field, what string }{
	{"bytes of module", "ModuleSize", "bytes of a module"},
	{"custom sections", "CustomSections", "custom sections"},
	{"bytes of types", "TypeSection", "bytes of the type section"},
	{"bytes of a function body", "BodySize", "bytes of a function body"},
	{"too many locals", "Locals", "locals of a function"},
	{"operand stack", "Operands", "operands on the stack"},
	{"array.new_fixed", "ArrayOperands", "operands of array.new_fixed"},
	{"blocks nested", "Nesting", "nested blocks"},
	{"initial elements of a table", "TableSize", "initial elements of a table"},
	{"initial pages of memory", "MemorySize", "initial bytes of a memory"},
	{"element segments", "ElemSegments", "element segments"},
	{"data segments", "DataSegments", "data segments"},
	{" elements ", "ElemEntries", "elements of a segment"},
	{"parameters", "Params", "parameters of a function"},
	{"results", "Results", "results of a function"},
	{"fields", "StructFields", "fields of a structure"},
	{"types", "Types", "types"},
	{"functions", "Functions", "functions"},
	{"imports", "Imports", "imports"},
	{"exports", "Exports", "exports"},
	{"globals", "Globals", "globals"},
	{"tags", "Tags", "tags"},
	{"tables", "Tables", "tables"},
	{"memories", "Memories", "memories"},
}

// explainLimit names the limit that the module goes past.
func (x *explainer) explainLimit() {
	if x.err.Kind != validator.Limit {
		return
	}
	l := &Limit{What: "a limit of the validator"}
	x.d.Limit = l
	message := x.err.Message
	for _, known := range limits {
		if strings.Contains(message, known.words) {
			l.Field, l.What = known.field, known.what
			break
		}
	}
	for _, words := range []string{"the limit of ", "more than "} {
		if _, rest, ok := strings.Cut(message, words); ok {
			_, _ = fmt.Sscanf(rest, "%d", &l.Value)
			break
		}
	}
	numbers := strings.FieldsFunc(message, func(r rune) bool { return r < '0' || r > '9' })
	if len(numbers) > 1 {
		_, _ = fmt.Sscanf(numbers[0], "%d", &l.Found)
	}
	if l.Field == "" {
		return
	}
	value := "…"
	if l.Found > 0 {
		value = fmt.Sprint(l.Found)
	}
	l.Raise = fmt.Sprintf("validator.WithLimits(validator.Limits{%s: %s})", l.Field, value)
	x.hint(Hint{
		Kind: HintLimit, Offset: x.err.Offset,
		Text: fmt.Sprintf("the module may be valid; the limit is one that engines have agreed on, and is raised in Go with %s", l.Raise),
	})
}

// bytesAround shows the bytes around the offset.
func (x *explainer) bytesAround(offset int) *Bytes {
	const before, after = 8, 8
	start := max(offset-before, 0)
	end := min(offset+after, len(x.wasm))
	return &Bytes{
		Offset: start, Hex: hexBytes(x.wasm[start:end], before+after), Mark: offset - start,
		Reading: x.reading(),
	}
}

// immediates says what is read after the opcode of an operator.
var immediates = map[ops.ImmKind]string{
	ops.ImmBlock: "block type", ops.ImmLabel: "label", ops.ImmLabels: "labels", ops.ImmFunc: "function index",
	ops.ImmCallIndirect: "type index and table index", ops.ImmType: "type index", ops.ImmTypeType: "two type indices",
	ops.ImmField: "type index and field index", ops.ImmTypeData: "type index and data segment index",
	ops.ImmTypeElem: "type index and element segment index", ops.ImmTypeCount: "type index and number of operands",
	ops.ImmLocal: "local index", ops.ImmGlobal: "global index", ops.ImmTable: "table index",
	ops.ImmTableTable: "two table indices", ops.ImmElemTable: "element segment index and table index",
	ops.ImmElem: "element segment index", ops.ImmMem: "memory index", ops.ImmMemMem: "two memory indices",
	ops.ImmDataMem: "data segment index and memory index", ops.ImmData: "data segment index",
	ops.ImmMemArg: "alignment and offset of the access", ops.ImmMemArgLane: "alignment, offset and lane of the access",
	ops.ImmLane: "lane", ops.ImmShuffle: "16 lanes", ops.ImmV128: "constant", ops.ImmI32: "constant", ops.ImmI64: "constant",
	ops.ImmF32: "constant", ops.ImmF64: "constant", ops.ImmSelect: "result types", ops.ImmRefNull: "heap type",
	ops.ImmRefType: "heap type", ops.ImmCastBranch: "flags, label and heap types", ops.ImmTry: "block type and catch clauses",
	ops.ImmTag: "tag index", ops.ImmResume: "type index and handlers", ops.ImmResumeThrow: "type index, tag index and handlers",
	ops.ImmTypeTag: "type index and tag index", ops.ImmZero: "zero byte",
	ops.ImmOrdGlobal: "ordering and global index", ops.ImmOrdTable: "ordering and table index",
	ops.ImmOrdField: "ordering, type index and field index", ops.ImmOrdType: "ordering and type index",
}

// reading says what the bytes at the offset are, or should be.
func (x *explainer) reading() string {
	d := x.d
	switch {
	case d.Op != nil && (d.Op.Offset == x.err.Offset || !x.err.InOp):
		return "the opcode of an operator"
	case x.err.InOp:
		if row := x.err.Op.Row(); row != nil && immediates[row.Imm.Kind] != "" {
			return fmt.Sprintf("the %s of %s", immediates[row.Imm.Kind], row.Name)
		}
		return "an operator"
	case d.Item != nil && d.Item.What == wholeSection && d.Section != nil:
		return fmt.Sprintf("the %s of %s", d.Item.Field, d.Section.text())
	case d.Item != nil && d.Item.Field != "":
		return fmt.Sprintf("%s of %s", fieldText(d.Item.Field), d.Item.text())
	case d.Item != nil:
		return d.Item.text()
	case x.err.Func >= 0 && d.Listing != nil:
		return "what follows the body of the function"
	case x.err.Func >= 0:
		return "the code of a function"
	case d.Section == nil:
		return "the header of the module"
	}
	return d.Section.text()
}

// tooShort reports whether an error is that something ends too early, so that its
// offset is where it ends.
func tooShort(err *validator.Error) bool {
	return strings.HasPrefix(err.Message, "unexpected end") || strings.HasPrefix(err.Message, "section size mismatch")
}
