package ops_test

import (
	"path"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

// immediates says which operators have immediates, and which: the symbols of the
// binary grammar in their order, as the specification writes them (5.4
// "Instructions", and the same chapter of the proposals), then the operators, as
// patterns of path.Match. What no line lists has none; the first line that fits
// an operator holds.
var immediates = []struct {
	kind    ops.ImmKind
	grammar string
	names   string
}{
	{ops.ImmBlock, "blocktype", "block loop if try"},
	{ops.ImmTry, "blocktype list(catch)", "try_table"},
	{ops.ImmLabel, "labelidx", "br br_if br_on_null br_on_non_null rethrow delegate"},
	{ops.ImmLabels, "list(labelidx) labelidx", "br_table"},
	{ops.ImmCastBranch, "castop labelidx heaptype heaptype", "br_on_cast br_on_cast_fail br_on_cast_desc_eq br_on_cast_desc_eq_fail"},
	{ops.ImmFunc, "funcidx", "call return_call ref.func"},
	{ops.ImmCallIndirect, "typeidx tableidx", "call_indirect return_call_indirect"},
	{ops.ImmTag, "tagidx", "throw catch suspend"},
	{ops.ImmSelect, "list(valtype)", "select?t"},
	{ops.ImmLocal, "localidx", "local.get local.set local.tee"},
	{ops.ImmOrdGlobal, "ordering globalidx", "global.atomic.*"},
	{ops.ImmGlobal, "globalidx", "global.get global.set"},

	{ops.ImmOrdTable, "ordering tableidx", "table.atomic.*"},
	{ops.ImmTableTable, "tableidx tableidx", "table.copy"},
	{ops.ImmElemTable, "elemidx tableidx", "table.init"},
	{ops.ImmTable, "tableidx", "table.get table.set table.size table.grow table.fill"},
	{ops.ImmElem, "elemidx", "elem.drop"},
	{ops.ImmMemMem, "memidx memidx", "memory.copy"},
	{ops.ImmDataMem, "dataidx memidx", "memory.init"},
	{ops.ImmMem, "memidx", "memory.size memory.grow memory.fill memory.discard"},
	{ops.ImmData, "dataidx", "data.drop"},
	{ops.ImmZero, "0x00", "atomic.fence"},
	{ops.ImmMemArgLane, "memarg laneidx", "v128.load*_lane v128.store*_lane"},
	{ops.ImmMemArg, "memarg", "memory.atomic.* [if][36][24].load* [if][36][24].store* v128.load* v128.store* i[36][24].atomic.*"},

	{ops.ImmI32, "i32", "i32.const"},
	{ops.ImmI64, "i64", "i64.const"},
	{ops.ImmF32, "f32", "f32.const"},
	{ops.ImmF64, "f64", "f64.const"},
	{ops.ImmV128, "byte × 16", "v128.const"},
	{ops.ImmShuffle, "laneidx × 16", "i8x16.shuffle"},
	{ops.ImmLane, "laneidx", "*.extract_lane *.extract_lane_[su] *.replace_lane"},

	{ops.ImmRefNull, "heaptype", "ref.null"},
	{ops.ImmRefType, "heaptype, null or not by the opcode", "ref.test* ref.cast*"},
	{ops.ImmOrdField, "ordering typeidx fieldidx", "struct.atomic.*"},
	{ops.ImmOrdType, "ordering typeidx", "array.atomic.*"},
	{ops.ImmField, "typeidx fieldidx", "struct.get struct.get_[su] struct.set"},
	{ops.ImmTypeCount, "typeidx u32", "array.new_fixed"},
	{ops.ImmTypeData, "typeidx dataidx", "array.new_data array.init_data"},
	{ops.ImmTypeElem, "typeidx elemidx", "array.new_elem array.init_elem"},
	{ops.ImmTypeType, "typeidx typeidx", "array.copy cont.bind"},
	{ops.ImmType, "typeidx", "call_ref return_call_ref cont.new ref.get_desc struct.new* array.new array.new_default array.get array.get_[su] array.set array.fill"},
	{ops.ImmResume, "typeidx list(handler)", "resume resume_throw_ref"},
	{ops.ImmResumeThrow, "typeidx tagidx list(handler)", "resume_throw"},
	{ops.ImmTypeTag, "typeidx tagidx", "switch"},
}

// immediatesOf returns what the list says of an operator, and the line.
func immediatesOf(t *testing.T, name string) (kind ops.ImmKind, line int) {
	t.Helper()
	for i, line := range immediates {
		for _, pattern := range strings.Fields(line.names) {
			matched, err := path.Match(pattern, name)
			is.New(t).NoErr(err)
			if matched {
				return line.kind, i
			}
		}
	}
	return ops.ImmNone, -1
}

func TestRowsImmediates(t *testing.T) {
	used := map[int]bool{}
	for row := range ops.Rows() {
		kind, line := immediatesOf(t, row.Name)
		used[line] = true
		if row.Imm.Kind != kind {
			t.Errorf("%s: kind %d of immediates, want %d", row.Name, row.Imm.Kind, kind)
		}
		if line < 0 && (row.Imm.Align != 0 || row.Imm.Lanes != 0) {
			t.Errorf("%s: alignment or lanes without immediates", row.Name)
		}
	}
	for i, line := range immediates {
		if !used[i] {
			t.Errorf("no operator has %s", line.grammar)
		}
	}
}
