package generate

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// start32 is an expression of an i32, start64 one of an i64.
var (
	start32 = []byte{byte(ops.I32Const), 0, byte(ops.End)}
	start64 = []byte{byte(ops.I64Const), 0, byte(ops.End)}
)

// startOf returns an offset that fits addresses of type t, or one that does not.
func startOf(t ops.ValType, fits bool) []byte {
	if (t == ops.I64) == fits {
		return start64
	}
	return start32
}

// addElem adds an element segment that is wrong.
func addElem(p *program, e elem, part part, behind int) place {
	p.elems = append(p.elems, e)
	return place{site{module.SectionElement, len(p.elems) - 1, part}, behind}
}

// addData adds a data segment that is wrong.
func addData(p *program, d data, part part, behind int) place {
	p.datas = append(p.datas, d)
	return place{site{module.SectionData, len(p.datas) - 1, part}, behind}
}

// segmentFaults are wrong element and data segments.
//
// Specification: 3.5.8 "Data Segments", 3.5.9 "Element Segments".
var segmentFaults = []Fault{
	{Name: "segment of an unknown function", Needs: ops.BulkMemory, Kind: validator.Invalid, Message: "unknown function", declare: func(p *program) (place, bool) {
		return addElem(p, elem{flags: 1, funcs: []uint32{uint32(len(p.funcs))}}, element, 0), true
	}},
	{Name: "segment for an unknown table", Needs: ops.BulkMemory, Kind: validator.Invalid, Message: "unknown table", declare: func(p *program) (place, bool) {
		return addElem(p, elem{flags: 2, table: uint32(len(p.tables)), offset: start32}, index, 0), true
	}},
	{Name: "segment at an offset of another type", Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		if len(p.tables) == 0 || !p.matches(ops.HeapFunc.Ref(), p.tables[0].Elem) {
			return nowhere, false
		}
		return addElem(p, elem{offset: startOf(p.tables[0].AddrType(), false)}, expr, 2), true
	}},
	{Name: "segment for a table of another type", Needs: ops.BulkMemory | ops.ReferenceTypes | ops.GCTypes, Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		p.tables = append(p.tables, table{TableType: module.TableType{Elem: ops.ExternRef}})
		addElem(p, elem{flags: 2, table: uint32(len(p.tables) - 1), offset: start32}, whole, 0)
		return nowhere, true
	}},
	{Name: "element of another type", Needs: ops.BulkMemory | ops.ReferenceTypes | ops.GCTypes, Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		null := ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ops.ExternRef}}
		item := append(ops.AppendInstr(nil, &null), byte(ops.End))
		return addElem(p, elem{flags: elemExprs | elemNotActive, typ: ops.FuncRef, exprs: [][]byte{item}}, element, 2), true
	}},
	{Name: "element that is not constant", Needs: ops.BulkMemory | ops.ReferenceTypes, Kind: validator.Invalid, Message: "constant expression required", declare: func(p *program) (place, bool) {
		item := []byte{byte(ops.Nop), byte(ops.End)}
		return addElem(p, elem{flags: elemExprs | elemNotActive, typ: ops.FuncRef, exprs: [][]byte{item}}, element, 0), true
	}},
	{Name: "data for an unknown memory", Kind: validator.Invalid, Message: "unknown memory", declare: func(p *program) (place, bool) {
		d := data{memory: uint32(len(p.memories)), offset: start32}
		if d.memory > 0 {
			d.flags = 2
		}
		return addData(p, d, index, 0), d.flags == 0 || p.has(ops.BulkMemory)
	}},
	{Name: "data at an offset of another type", Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		if len(p.memories) == 0 {
			return nowhere, false
		}
		return addData(p, data{offset: startOf(p.memories[0].AddrType(), false)}, expr, 2), true
	}},
	{Name: "data at an offset that is not constant", Kind: validator.Invalid, Message: "constant expression required", declare: func(p *program) (place, bool) {
		return addData(p, data{offset: []byte{byte(ops.MemorySize), 0, byte(ops.End)}}, expr, 0), len(p.memories) > 0
	}},
	{Name: "data count that is wrong", Needs: ops.BulkMemory, Kind: validator.Malformed, Message: "data count and data section have inconsistent lengths", declare: func(p *program) (place, bool) {
		p.dataCountOff = 1 + p.below(3)
		return nowhere, true
	}},
	{Name: "body missing", Kind: validator.Malformed, Message: "function and code section have inconsistent lengths", declare: func(p *program) (place, bool) {
		p.bodies = p.bodies[:len(p.bodies)-1]
		return nowhere, true
	}},
	{Name: "body too many", Kind: validator.Malformed, Message: "function and code section have inconsistent lengths", declare: func(p *program) (place, bool) {
		p.bodies = append(p.bodies, []byte{0, byte(ops.End)})
		return nowhere, true
	}},
}
