package ops

// Table instructions (5.4.4).
var tableTable = [...]entry{
	{0x25, "table.get", "tt -> te", Imm{Kind: ImmTable}, RuleTable, ReferenceTypes},
	{0x26, "table.set", "tt te ->", Imm{Kind: ImmTable}, RuleTable, ReferenceTypes},
	{0xFC_000C, "table.init", "tt i32 i32 ->", Imm{Kind: ImmElemTable}, RuleTableInit, BulkMemory},
	{0xFC_000D, "elem.drop", "->", Imm{Kind: ImmElem}, RuleElemDrop, BulkMemory},
	{0xFC_000E, "table.copy", "", Imm{Kind: ImmTableTable}, RuleTableCopy, BulkMemory},
	{0xFC_000F, "table.grow", "te tt -> tt", Imm{Kind: ImmTable}, RuleTable, ReferenceTypes},
	{0xFC_0010, "table.size", "-> tt", Imm{Kind: ImmTable}, RuleTable, ReferenceTypes},
	{0xFC_0011, "table.fill", "tt te tt ->", Imm{Kind: ImmTable}, RuleTable, ReferenceTypes},
}
