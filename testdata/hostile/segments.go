package hostile

import (
	"bytes"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The limits of segments.
const (
	maxElems        = 10_000_000
	maxDataSegments = 100_000
)

// segments are the attacks on element and data segments.
func segments() []Module {
	elems := func(content []byte) []byte {
		m := validatortest.NewModule().Type("func").Table("0 funcref").FuncType(0)
		return m.Raw(sectionElem, content).Raw(sectionCode, emptyFunc).Bytes()
	}
	data := func(content []byte) []byte {
		return validatortest.NewModule().Memory("0").Raw(sectionData, content).Bytes()
	}
	return []Module{
		valid("elem/functions", "an element segment of as many function indices as fit", func(size int) []byte {
			return elems(join([]byte{1, 1, 0}, vector(size, maxElems, []byte{0})))
		}),
		valid("elem/expressions", "an element segment of as many expressions as fit", func(size int) []byte {
			return elems(join([]byte{1, 5, 0x70}, vector(size, maxElems, []byte{0xd2, 0, 0x0b})))
		}),
		valid("elem/empty", "as many empty element segments as fit", func(size int) []byte {
			return elems(vector(size, maxElems, []byte{1, 0, 0}))
		}),
		valid("elem/active", "as many empty active element segments as fit", func(size int) []byte {
			return elems(vector(size, maxElems, []byte{0, 0x41, 0, 0x0b, 0}))
		}),
		valid("data/bytes", "a data segment of as many bytes as fit", func(size int) []byte {
			return data(join([]byte{1, 1}, sized(make([]byte, size))))
		}),
		valid("data/empty", "100,000 empty data segments", func(size int) []byte {
			return data(vector(size, maxDataSegments, []byte{1, 0}))
		}),
		valid("data/active", "100,000 active data segments", func(size int) []byte {
			return data(vector(size, maxDataSegments, join([]byte{0, 0x41, 0, 0x0b}, sized(make([]byte, 40)))))
		}),
		valid("data/expressions", "data segments whose offsets are long expressions", func(size int) []byte {
			offset := join([]byte{0, 0x41, 0}, bytes.Repeat([]byte{0x41, 0, 0x6a}, 1000), []byte{0x0b, 0})
			return data(vector(size, maxDataSegments, offset))
		}),
		valid("data/init", "operators that name data segments", func(size int) []byte {
			m := validatortest.NewModule().Type("func").Memory("0").Data("", "").DataCount(1)
			return addFunc(m, 0, "", asm(size, "", "data.drop 0 i32.const 0 i32.const 0 i32.const 0 memory.init 0", "")).Bytes()
		}),
		{Name: "data/no-count", Aim: "a long function whose last operator needs a data count section", Verdict: "malformed", Features: ops.Default,
			Make: func(size int) []byte {
				code := asm(size, "", "i32.const 0 drop", "data.drop 0")
				body := join([]byte{0}, code, []byte{0x0b})
				return validatortest.NewModule().Raw(sectionType, []byte{1, codeFunc, 0, 0}).Raw(sectionFunc, []byte{1, 0}).
					Raw(sectionCode, join([]byte{1}, sized(body))).Raw(sectionData, []byte{1, 1, 0}).Bytes()
			}},
	}
}
