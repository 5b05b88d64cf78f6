// Package explain shows what is wrong with a module that package validator has
// refused: the operator at fault with the operators around it, the operands that
// it found and the operators that pushed them, what it wanted instead, the blocks
// around it, and what was probably meant.
//
//	_, err := validator.Validate(ctx, wasm)
//	var refused *validator.Error
//	if errors.As(err, &refused) {
//		fmt.Print(explain.Explain(wasm, refused).Text(explain.TextOptions{}))
//	}
//
// [Explain] makes a [Diagnosis], which programs read or encode as JSON, and which
// [Diagnosis.Text] writes for people. All errors of a module at once come from
// [validator.Errors].
//
// A diagnosis is made in a second pass, over the declarations of the module and
// over the one function at fault, so that validation itself pays nothing for it.
// The other functions are not looked at; that one takes ten to fifty times as long as
// its validation did, in proportion to its size.
//
// # Origins
//
// Every operand has an origin: the operator that put it on the operand stack of
// the validation algorithm (specification 7.5). The operators that take operands
// and put them back are the origin of what they put back:
//
//   - block, loop, if, try and try_table of the parameters of their block;
//   - else of the parameters of the if, when its second arm begins; catch of the
//     parameters of its tag;
//   - end and delegate of the results of the block that they end;
//   - br_if, br_on_null, br_on_non_null and the branches on casts of what their
//     label takes, because a branch that is not taken leaves operands of the
//     label's types;
//   - local.tee of what it leaves, as select and ref.as_non_null are.
//
// Behind the origin of such an operand stands its source: the operator that first
// pushed the value, as far as the value went through unchanged.
//
// What unreachable code takes from the polymorphic stack has no origin, and of more
// than 16,384 operands the lower ones may have none.
//
// # Untrusted input
//
// The module may be hostile and the error may be about another module: Explain
// does not fail, and says what it can. Lists and texts in a diagnosis are of
// bounded length, and names in it are free of control characters.
package explain
