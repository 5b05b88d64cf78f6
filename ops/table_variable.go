package ops

// Variable instructions (5.4.3).
var variableTable = [...]entry{
	{0x20, "local.get", "", Imm{Kind: ImmLocal}, RuleLocalGet, mvp},
	{0x21, "local.set", "", Imm{Kind: ImmLocal}, RuleLocalSet, mvp},
	{0x22, "local.tee", "", Imm{Kind: ImmLocal}, RuleLocalTee, mvp},
	{0x23, "global.get", "", Imm{Kind: ImmGlobal}, RuleGlobalGet, anywhere},
	{0x24, "global.set", "", Imm{Kind: ImmGlobal}, RuleGlobalSet, mvp},
}
