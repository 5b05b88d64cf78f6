// Package misuse is programs that misuse a function validator and compile. Each
// is one function, which says what it does wrong. What the analyzer spent says
// stands at the line, after "want vet"; what the run time says, which is the error
// that the function returns, after "want run".
package misuse

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
)

type (
	unassigned = validator.UnassignedFuncValidator[*module.Module]
	assigned   = validator.AssignedFuncValidator[*module.Module]
	function   = validator.FuncToValidate[*module.Module]
)

// Programs are the functions of this package. Each takes a live validator and two
// functions for it; the body of each is a single nop.
var Programs = map[string]func(u unassigned, f, g function) error{
	"assignTwice": assignTwice, "assignInLoop": assignInLoop, "assignAfterPut": assignAfterPut,
	"assignAfterIntoAllocations": assignAfterIntoAllocations, "putTwice": putTwice,
	"putAssignedAway": putAssignedAway, "finishTwice": finishTwice, "finishAfterAbandon": finishAfterAbandon,
	"opAfterFinish": opAfterFinish, "questionAfterFinish": questionAfterFinish,
	"staleField": staleField, "staleInClosure": staleInClosure, "staleInDefer": staleInDefer,
	"staleInGoroutine": staleInGoroutine, "spentByHelper": spentByHelper, "sendStale": sendStale,
	"returnStale": returnStale, "buffersTwice": buffersTwice,
	"dropOnError": dropOnError, "dropInLoop": dropInLoop, "ignoreAssign": ignoreAssign, "ignoreFinish": ignoreFinish,
	"ignoreAbandon": ignoreAbandon, "ignorePut": ignorePut, "ignoreBuffers": ignoreBuffers,
	"zeroUnassigned": zeroUnassigned, "zeroAssigned": zeroAssigned, "zeroPool": zeroPool,
	"otherKey": otherKey, "throughChannel": throughChannel, "atOnce": atOnce, "throughPointer": throughPointer,
	"buffersThroughField": buffersThroughField,
	"localsAfterOp":       localsAfterOp, "validateAfterOp": validateAfterOp, "opAfterEnd": opAfterEnd,
	"finishEarly": finishEarly, "nilOperator": nilOperator, "nilResources": nilResources,
}
