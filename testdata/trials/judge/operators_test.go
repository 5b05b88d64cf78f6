package judge

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// A group of locals goes beyond the limit, and the next makes the body malformed.
func TestOperatorsBehindALimit(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").FuncType(0).
		Body([]byte("\x02\xff\xff\xff\xff\x0f\x7d\x01\x7c\x0b"), 0)
	_, err := Serial(m.Bytes(), ops.All)
	is.Equal(plain(err).Message, "too many locals")
	is.Equal(Operators(nil, m.Bytes(), ops.All), "")
}
