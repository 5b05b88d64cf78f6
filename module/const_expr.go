package module

import "github.com/wasmstate/wasmstate/ops"

// ConstExpr is the bytes of a constant expression, its end included. They are
// well-formed; whether they are constant is for a validator to say.
//
// Specification: 5.4.10 "Expressions".
type ConstExpr struct {
	Offset int    // of the first operator, in bytes from the start of the module
	Bytes  []byte // a view
}

// constExpr reads an expression.
func (s *SectionReader) constExpr() (ConstExpr, error) {
	start := s.r.Pos()
	e := ConstExpr{Offset: s.r.Offset()}
	err := skipExpr(&s.r, &s.instr)
	if err == nil {
		e.Bytes = s.section.Content[start:s.r.Pos():s.r.Pos()]
	}
	return e, err
}

// skipCheck is how many operators, or types, are decoded between two looks at whether
// that is still wanted.
const skipCheck = 4096

// skipExpr is [ops.SkipExpr], which it needs only for expressions with blocks:
// those of a million element segments allocate nothing.
func skipExpr(d *ops.Decoder, in *ops.Instr) error {
	start := d.Pos()
	if n := shortConst(d.Rest()); n != 0 {
		d.Seek(start + n)
		return nil
	}
	for n := 1; ; n++ {
		if n%skipCheck == 0 && d.Stopped() {
			return ops.ErrStopped
		}
		if err := d.Next(in); err != nil {
			return err
		}
		switch in.Op.Row().Rule {
		case ops.RuleEnd:
			return nil
		case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleElse, ops.RuleTry, ops.RuleTryTable,
			ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate:
			d.Seek(start)
			return ops.SkipExpr(d)
		}
	}
}

// shortConst returns the length of the expression with which b begins, if that is
// a single i32.const whose value has at most four bytes, and 0 otherwise. Some
// compilers make a hundred thousand segments with such offsets.
func shortConst(b []byte) int {
	if len(b) < 6 || ops.Op(b[0]) != ops.I32Const {
		return 0
	}
	for i := 1; i < 5; i++ {
		if b[i] < 0x80 {
			if ops.Op(b[i+1]) != ops.End {
				return 0
			}
			return i + 2
		}
	}
	return 0
}
