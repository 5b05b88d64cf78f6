package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func TestThreads(t *testing.T) {
	checkOperators(t, "threads", "")
	empty := validatortest.NewModule
	checkOff(t, ops.Threads, []moduleCase{
		{"shared memory", empty().Memory("@1 2 shared"), "malformed: malformed limits flags"},
		{"imported shared memory", empty().Import("m", "m", "memory @1 2 shared"), "malformed: malformed limits flags"},
		{"shared large memory", empty().Memory("@i64 1 2 shared"), "malformed: malformed limits flags"},
		{"fence", withBody("@atomic.fence"), "malformed: illegal opcode"},
	})
	checkModuleCases(t, wasm2, []moduleCase{
		{"atomic access to a memory that is not shared", withBody("unreachable i32.atomic.load drop").Memory("1"), ""},
		{"shared without maximum", empty().Memory("@1 shared"), "shared memory must have maximum"},
		{"imported, shared without maximum", empty().Import("m", "m", "memory @1 shared"), "shared memory must have maximum"},
		{"shared table", hexModule("04 05 01 70 @03 00 00"), "malformed: malformed limits flags"},
		{"fence with an ordering", withBody("(bytes 0xfe 0x03) @(bytes 0x01)"), "malformed: zero byte expected"},
		{"fence takes and leaves nothing", withBody("atomic.fence @drop"), "type mismatch"},
		{"opcode that nobody defined", withBody("@(bytes 0xfe 0x04)"), "malformed: illegal opcode"},
		{"opcode after the last", withBody("@(bytes 0xfe 0x73)"), "malformed: illegal opcode"},
	})
	// The alignment of an atomic access is a matter of validation.
	m := withBody("unreachable @i64.atomic.rmw.add align=4 drop").Memory("1 1 shared")
	expect(t, wasm2, m, "atomic alignment must be natural")
}
