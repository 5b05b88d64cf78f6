package ops

// Reference instructions (5.4.6).
var referenceTable = [...]entry{
	{0xD0, "ref.null", "", Imm{Kind: ImmRefNull}, RuleRefNull, ReferenceTypes | anywhere},
	{0xD1, "ref.is_null", "", Imm{}, RuleRefIsNull, ReferenceTypes},
	{0xD2, "ref.func", "", Imm{Kind: ImmFunc}, RuleRefFunc, ReferenceTypes | anywhere},
	{0xD3, "ref.eq", "", Imm{}, RuleRefEq, GC | GCTypes},
	{0xD4, "ref.as_non_null", "", Imm{}, RuleRefAsNonNull, FunctionReferences},
}
