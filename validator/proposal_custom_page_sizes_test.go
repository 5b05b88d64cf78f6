package validator_test

import (
	"fmt"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// A page is of 1 or of 65,536 bytes (proposal custom-page-sizes).
func TestCustomPageSizes(t *testing.T) {
	const on = ops.Wasm3 | ops.CustomPageSizes
	one := func(text string) *validatortest.Module { return validatortest.NewModule().Memory(text) }
	const tooLarge = "memory size must be at most"
	checkModuleCases(t, on, []moduleCase{
		{"pages of a byte", one("1 2 pagesize=1"), ""},
		{"pages of 64 KiB", one("1 2 pagesize=65536"), ""},
		{"no page size", one("1 2"), ""},
		{"large memory", one("i64 1 2 pagesize=1"), ""},
		{"imported", validatortest.NewModule().Import("m", "m", "memory 0 pagesize=1"), ""},
		{"as many bytes as an address names", one("0xffff_ffff 0xffff_ffff pagesize=1"), ""},
		{"as many pages as an address names", one("65536 65536 pagesize=65536"), ""},
		{"as many bytes as a large address names", one("i64 0xffff_ffff_ffff_ffff pagesize=1"), ""},
		{"one byte more", one("@0x1_0000_0000 pagesize=1"), tooLarge},
		{"one page more", one("@65537 pagesize=65536"), tooLarge},
		{"maximum of one page more", one("@0 65537 pagesize=65536"), tooLarge},
		{"one page more of a large memory", one("@i64 0x1_0000_0000_0001 pagesize=65536"), tooLarge},
		{"maximum below minimum", one("@2 1 pagesize=1"), "size minimum must not be greater than maximum"},
	})
	for log := range 64 {
		if log == 0 || log == 16 {
			continue
		}
		t.Run(fmt.Sprintf("page size 2^%d", log), func(t *testing.T) {
			expect(t, on, one(fmt.Sprintf("@0 pagesize=%#x", uint64(1)<<log)), "invalid custom page size")
		})
	}
	checkModuleCases(t, on, []moduleCase{
		{"page size 2^64", hexModule("05 04 01 @08 00 40"), "invalid custom page size"},
		{"page size 2^65", hexModule("05 04 01 08 00 @41"), "malformed: invalid custom page size"},
		{"page size 2^300", hexModule("05 05 01 08 00 @ac 02"), "malformed: invalid custom page size"},
		{"page size of a table", hexModule("04 05 01 70 @08 00 00"), "malformed: malformed limits flags"},
	})
	checkOff(t, ops.CustomPageSizes, []moduleCase{
		{"memory", one("@0 pagesize=1"), "malformed: malformed limits flags"},
		{"memory with the usual size", one("@0 pagesize=65536"), "malformed: malformed limits flags"},
		{"import", validatortest.NewModule().Import("m", "m", "memory @0 pagesize=1"), "malformed: malformed limits flags"},
	})
}
