package validator

import "github.com/wasmstate/wasmstate/ops"

// rules maps each rule that the operator table names to the function that
// applies it. A rule is written as in the specification: take the operands, check
// the immediates, put the results.
var rules = [ops.NumRules]func(*checker, *ops.Instr) error{
	ops.RulePlain:  (*checker).rulePlain,
	ops.RuleMemory: (*checker).ruleMemory,
	ops.RuleAtomic: (*checker).ruleAtomic,
	ops.RuleTable:  (*checker).ruleTable,
	ops.RuleLane:   (*checker).ruleLane,

	ops.RuleUnreachable:        (*checker).ruleUnreachable,
	ops.RuleBlock:              (*checker).ruleBlock,
	ops.RuleLoop:               (*checker).ruleLoop,
	ops.RuleIf:                 (*checker).ruleIf,
	ops.RuleElse:               (*checker).ruleElse,
	ops.RuleEnd:                (*checker).ruleEnd,
	ops.RuleBr:                 (*checker).ruleBr,
	ops.RuleBrIf:               (*checker).ruleBrIf,
	ops.RuleBrTable:            (*checker).ruleBrTable,
	ops.RuleReturn:             (*checker).ruleReturn,
	ops.RuleCall:               (*checker).ruleCall,
	ops.RuleCallIndirect:       (*checker).ruleCallIndirect,
	ops.RuleReturnCall:         (*checker).ruleReturnCall,
	ops.RuleReturnCallIndirect: (*checker).ruleReturnCallIndirect,
	ops.RuleDrop:               (*checker).ruleDrop,
	ops.RuleSelect:             (*checker).ruleSelect,
	ops.RuleSelectTyped:        (*checker).ruleSelectTyped,

	ops.RuleLocalGet:  (*checker).ruleLocalGet,
	ops.RuleLocalSet:  (*checker).ruleLocalSet,
	ops.RuleLocalTee:  (*checker).ruleLocalTee,
	ops.RuleGlobalGet: (*checker).ruleGlobalGet,
	ops.RuleGlobalSet: (*checker).ruleGlobalSet,

	ops.RuleTableInit:  (*checker).ruleTableInit,
	ops.RuleTableCopy:  (*checker).ruleTableCopy,
	ops.RuleElemDrop:   (*checker).ruleElemDrop,
	ops.RuleMemoryInit: (*checker).ruleMemoryInit,
	ops.RuleMemoryCopy: (*checker).ruleMemoryCopy,
	ops.RuleDataDrop:   (*checker).ruleDataDrop,

	ops.RuleRefNull:          (*checker).ruleRefNull,
	ops.RuleRefIsNull:        (*checker).ruleRefIsNull,
	ops.RuleRefFunc:          (*checker).ruleRefFunc,
	ops.RuleRefEq:            (*checker).ruleRefEq,
	ops.RuleRefAsNonNull:     (*checker).ruleRefAsNonNull,
	ops.RuleBrOnNull:         (*checker).ruleBrOnNull,
	ops.RuleBrOnNonNull:      (*checker).ruleBrOnNonNull,
	ops.RuleCallRef:          (*checker).ruleCallRef,
	ops.RuleReturnCallRef:    (*checker).ruleReturnCallRef,
	ops.RuleRefI31:           (*checker).ruleRefI31,
	ops.RuleI31Get:           (*checker).ruleI31Get,
	ops.RuleRefTest:          (*checker).ruleRefTest,
	ops.RuleRefCast:          (*checker).ruleRefCast,
	ops.RuleBrOnCast:         (*checker).ruleBrOnCast,
	ops.RuleBrOnCastFail:     (*checker).ruleBrOnCastFail,
	ops.RuleAnyConvertExtern: (*checker).ruleAnyConvertExtern,
	ops.RuleExternConvertAny: (*checker).ruleExternConvertAny,

	ops.RuleStructNew:        (*checker).ruleStructNew,
	ops.RuleStructNewDefault: (*checker).ruleStructNewDefault,
	ops.RuleStructGet:        (*checker).ruleStructGet,
	ops.RuleStructGetPacked:  (*checker).ruleStructGetPacked,
	ops.RuleStructSet:        (*checker).ruleStructSet,
	ops.RuleArrayNew:         (*checker).ruleArrayNew,
	ops.RuleArrayNewDefault:  (*checker).ruleArrayNewDefault,
	ops.RuleArrayNewFixed:    (*checker).ruleArrayNewFixed,
	ops.RuleArrayNewData:     (*checker).ruleArrayNewData,
	ops.RuleArrayNewElem:     (*checker).ruleArrayNewElem,
	ops.RuleArrayGet:         (*checker).ruleArrayGet,
	ops.RuleArrayGetPacked:   (*checker).ruleArrayGetPacked,
	ops.RuleArraySet:         (*checker).ruleArraySet,
	ops.RuleArrayLen:         (*checker).ruleArrayLen,
	ops.RuleArrayFill:        (*checker).ruleArrayFill,
	ops.RuleArrayCopy:        (*checker).ruleArrayCopy,
	ops.RuleArrayInitData:    (*checker).ruleArrayInitData,
	ops.RuleArrayInitElem:    (*checker).ruleArrayInitElem,

	ops.RuleThrow:    (*checker).ruleThrow,
	ops.RuleThrowRef: (*checker).ruleThrowRef,
	ops.RuleTryTable: (*checker).ruleTryTable,
	ops.RuleTry:      (*checker).ruleTry,
	ops.RuleCatch:    (*checker).ruleCatch,
	ops.RuleCatchAll: (*checker).ruleCatchAll,
	ops.RuleRethrow:  (*checker).ruleRethrow,
	ops.RuleDelegate: (*checker).ruleDelegate,

	ops.RuleContNew:        (*checker).ruleContNew,
	ops.RuleContBind:       (*checker).ruleContBind,
	ops.RuleSuspend:        (*checker).ruleSuspend,
	ops.RuleResume:         (*checker).ruleResume,
	ops.RuleResumeThrow:    (*checker).ruleResumeThrow,
	ops.RuleResumeThrowRef: (*checker).ruleResumeThrowRef,
	ops.RuleSwitch:         (*checker).ruleSwitch,

	ops.RuleStructNewDesc:        (*checker).ruleStructNewDesc,
	ops.RuleStructNewDefaultDesc: (*checker).ruleStructNewDefaultDesc,
	ops.RuleRefGetDesc:           (*checker).ruleRefGetDesc,
	ops.RuleRefCastDesc:          (*checker).ruleRefCastDesc,
	ops.RuleBrOnCastDesc:         (*checker).ruleBrOnCastDesc,
	ops.RuleBrOnCastDescFail:     (*checker).ruleBrOnCastDescFail,

	ops.RuleGlobalAtomicGet:       (*checker).ruleGlobalAtomicGet,
	ops.RuleGlobalAtomicSet:       (*checker).ruleGlobalAtomicSet,
	ops.RuleGlobalAtomicRMW:       (*checker).ruleGlobalAtomicRMW,
	ops.RuleGlobalAtomicXchg:      (*checker).ruleGlobalAtomicXchg,
	ops.RuleGlobalAtomicCmpxchg:   (*checker).ruleGlobalAtomicCmpxchg,
	ops.RuleTableAtomicGet:        (*checker).ruleTableAtomicGet,
	ops.RuleTableAtomicSet:        (*checker).ruleTableAtomicSet,
	ops.RuleTableAtomicXchg:       (*checker).ruleTableAtomicXchg,
	ops.RuleTableAtomicCmpxchg:    (*checker).ruleTableAtomicCmpxchg,
	ops.RuleStructAtomicGet:       (*checker).ruleStructAtomicGet,
	ops.RuleStructAtomicGetPacked: (*checker).ruleStructAtomicGetPacked,
	ops.RuleStructAtomicSet:       (*checker).ruleStructAtomicSet,
	ops.RuleStructAtomicRMW:       (*checker).ruleStructAtomicRMW,
	ops.RuleStructAtomicXchg:      (*checker).ruleStructAtomicXchg,
	ops.RuleStructAtomicCmpxchg:   (*checker).ruleStructAtomicCmpxchg,
	ops.RuleArrayAtomicGet:        (*checker).ruleArrayAtomicGet,
	ops.RuleArrayAtomicGetPacked:  (*checker).ruleArrayAtomicGetPacked,
	ops.RuleArrayAtomicSet:        (*checker).ruleArrayAtomicSet,
	ops.RuleArrayAtomicRMW:        (*checker).ruleArrayAtomicRMW,
	ops.RuleArrayAtomicXchg:       (*checker).ruleArrayAtomicXchg,
	ops.RuleArrayAtomicCmpxchg:    (*checker).ruleArrayAtomicCmpxchg,
	ops.RuleRefI31Shared:          (*checker).ruleRefI31Shared,
}

// apply checks the operator in, whose first byte is at the module offset.
func (c *checker) apply(offset int, in *ops.Instr) error {
	c.offset, c.op = offset, in.Op
	row := in.Op.Row()
	if row == nil {
		return c.malformed("illegal opcode %v", in.Op)
	}
	c.row = row
	if missing := row.Feature &^ c.features; missing != 0 {
		return c.opError(Malformed, c.features.Missing(row.Feature), "illegal opcode %v", in.Op)
	}
	if !c.inFunc {
		if err := c.constant(in); err != nil {
			return err
		}
	}
	if row.Rule == ops.RulePlain {
		return c.plain(row)
	}
	return rules[row.Rule](c, in)
}

// rulePlain applies the signature of an operator as it stands in the table.
func (c *checker) rulePlain(*ops.Instr) error { return c.plain(c.row) }

// plain applies the signature of a row that names no type which its immediates
// decide.
func (c *checker) plain(row *ops.Row) error {
	height := len(c.operands)
	for i := row.NumParams() - 1; i >= 0; i-- {
		if err := c.pop(row.Param(i)); err != nil {
			params, _ := row.Signature()
			return c.mismatchAt(height, params)
		}
	}
	for i := range row.NumResults() {
		c.push(row.Result(i))
	}
	return nil
}
