package ops_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

// syntaxError returns err as the only kind of error that decoding gives.
func syntaxError(t *testing.T, err error) *ops.SyntaxError {
	t.Helper()
	var s *ops.SyntaxError
	if !errors.As(err, &s) {
		t.Fatalf("got %v, want a *SyntaxError", err)
	}
	return s
}

func TestReaderIntegers(t *testing.T) {
	u32 := func(r *ops.Reader) (int64, error) { v, err := r.U32(); return int64(v), err }
	u64 := func(r *ops.Reader) (int64, error) { v, err := r.U64(); return int64(v), err }
	s32 := func(r *ops.Reader) (int64, error) { v, err := r.S32(); return int64(v), err }
	s33 := (*ops.Reader).S33
	s64 := (*ops.Reader).S64
	const end, long, large = "unexpected end of section or function", "integer representation too long", "integer too large"
	for _, c := range []struct {
		name string
		read func(*ops.Reader) (int64, error)
		hex  string
		want int64
		err  string
	}{
		{"u32", u32, "00", 0, ""},
		{"u32", u32, "7f", 127, ""},
		{"u32", u32, "80 01", 128, ""},
		{"u32 not the shortest", u32, "80 80 80 80 00", 0, ""},
		{"u32 largest", u32, "ff ff ff ff 0f", math.MaxUint32, ""},
		{"u32 ends", u32, "", 0, end},
		{"u32 ends", u32, "80", 0, end},
		{"u32 ends", u32, "ff ff ff ff", 0, end},
		{"u32 large", u32, "ff ff ff ff 1f", 0, large},
		{"u32 large", u32, "80 80 80 80 10", 0, large},
		{"u32 long", u32, "80 80 80 80 80 00", 0, long},
		{"u32 long before its end", u32, "80 80 80 80 80", 0, long},
		{"u64 largest", u64, "ff ff ff ff ff ff ff ff ff 01", -1, ""},
		{"u64 large", u64, "ff ff ff ff ff ff ff ff ff 02", 0, large},
		{"u64 long", u64, "80 80 80 80 80 80 80 80 80 80 00", 0, long},
		{"s32", s32, "7f", -1, ""},
		{"s32", s32, "3f", 63, ""},
		{"s32", s32, "40", -64, ""},
		{"s32", s32, "c0 00", 64, ""},
		{"s32", s32, "ff 7e", -129, ""},
		{"s32 smallest", s32, "80 80 80 80 78", math.MinInt32, ""},
		{"s32 largest", s32, "ff ff ff ff 07", math.MaxInt32, ""},
		{"s32 not the shortest", s32, "ff ff ff ff 7f", -1, ""},
		{"s32 large", s32, "ff ff ff ff 0f", 0, large},
		{"s32 large", s32, "80 80 80 80 70", 0, large},
		{"s32 long", s32, "80 80 80 80 80 00", 0, long},
		{"s32 ends", s32, "80 80", 0, end},
		{"s33 smallest", s33, "80 80 80 80 70", -1 << 32, ""},
		{"s33 largest", s33, "ff ff ff ff 0f", math.MaxUint32, ""},
		{"s33 large", s33, "ff ff ff ff 1f", 0, large},
		{"s64", s64, "80 80 80 80 80 80 80 80 80 7f", math.MinInt64, ""},
		{"s64", s64, "ff ff ff ff ff ff ff ff ff 00", math.MaxInt64, ""},
		{"s64 nine bytes", s64, "ff ff ff ff ff ff ff ff 7f", -1, ""},
		{"s64 large", s64, "ff ff ff ff ff ff ff ff ff 01", 0, large},
		{"s64 large", s64, "80 80 80 80 80 80 80 80 80 7e", 0, large},
		{"s64 long", s64, "80 80 80 80 80 80 80 80 80 80 00", 0, long},
	} {
		t.Run(c.name+" "+c.hex, func(t *testing.T) {
			is := is.New(t)
			code := unhex(t, c.hex)
			r := ops.NewReader(code, 100, 0)
			v, err := c.read(r)
			if c.err == "" {
				is.NoErr(err)
				is.Equal(v, c.want)
				is.Equal(r.Len(), 0)
				return
			}
			s := syntaxError(t, err)
			is.Equal(s.Message, c.err)
			is.Equal(s.Offset, 100) // the first byte of the integer
			is.Equal(r.Pos(), 0)    // and there the reader stands
		})
	}
}

func TestReaderIntegersReadBack(t *testing.T) {
	is := is.New(t)
	for shift := range 64 {
		for _, v := range []int64{1 << shift, 1<<shift - 1, -1 << shift, -1<<shift - 1} {
			r := ops.NewReader(ops.AppendS64(nil, v), 0, 0)
			got, err := r.S64()
			is.NoErr(err)
			is.Equal(got, v)
			r = ops.NewReader(ops.AppendU32(nil, uint32(v)), 0, 0)
			u, err := r.U32()
			is.NoErr(err)
			is.Equal(u, uint32(v))
		}
	}
}

func TestReaderBytes(t *testing.T) {
	is := is.New(t)
	r := ops.NewReader([]byte{1, 2, 3, 4, 5}, 10, 0)
	b, err := r.Byte()
	is.NoErr(err)
	is.Equal(b, byte(1))
	is.Equal(r.Pos(), 1)
	is.Equal(r.Offset(), 11)
	is.Equal(r.Len(), 4)
	p, err := r.Bytes(2)
	is.NoErr(err)
	is.True(bytes.Equal(p, []byte{2, 3}))
	is.Equal(cap(p), 2) // appending cannot touch what follows
	next, ok := r.Peek()
	is.True(ok)
	is.Equal(next, byte(4))
	r.SetEnd("unexpected end")
	_, err = r.Bytes(3)
	is.Equal(syntaxError(t, err).Message, "unexpected end")
	is.Equal(syntaxError(t, err).Offset, 13)
	_, err = r.Bytes(-1)
	is.True(err != nil)
	_, err = r.F32()
	is.True(err != nil)
	_, err = r.F64()
	is.True(err != nil)
	_, err = r.Bytes(2)
	is.NoErr(err)
	_, err = r.Byte()
	is.Equal(syntaxError(t, err).Offset, 15)
	_, ok = r.Peek()
	is.True(!ok)
}

func TestReaderCount(t *testing.T) {
	is := is.New(t)
	n, err := ops.NewReader([]byte{2, 0, 0}, 0, 0).Count()
	is.NoErr(err)
	is.Equal(n, 2)
	for _, text := range []string{"03 00 00", "ff ff ff ff 0f 00"} {
		r := ops.NewReader(unhex(t, text), 7, 0)
		_, err = r.Count()
		is.Equal(syntaxError(t, err).Message, "length out of bounds")
		is.Equal(syntaxError(t, err).Offset, 7)
		is.Equal(r.Pos(), 0)
	}
}

// typeCase is a type in bytes: what it reads as, and what it needs.
type typeCase struct {
	hex  string
	text string
	need ops.Features
}

var heapTypes = []typeCase{
	{"70", "func", 0},
	{"6f", "extern", ops.ReferenceTypes | ops.GCTypes},
	{"6e", "any", ops.GC | ops.GCTypes},
	{"6d", "eq", ops.GC | ops.GCTypes},
	{"6c", "i31", ops.GC | ops.GCTypes},
	{"6b", "struct", ops.GC | ops.GCTypes},
	{"6a", "array", ops.GC | ops.GCTypes},
	{"71", "none", ops.GC | ops.GCTypes},
	{"72", "noextern", ops.GC | ops.GCTypes},
	{"73", "nofunc", ops.GC | ops.GCTypes},
	{"69", "exn", ops.Exceptions},
	{"74", "noexn", ops.Exceptions | ops.GCTypes},
	{"68", "cont", ops.StackSwitching | ops.GCTypes},
	{"75", "nocont", ops.StackSwitching | ops.GCTypes},
	{"65 6e", "(shared any)", ops.SharedEverythingThreads | ops.GC | ops.GCTypes},
	{"00", "0", ops.FunctionReferences},
	{"ff 00", "127", ops.FunctionReferences},
	{"62 05", "(exact 5)", ops.CustomDescriptors},
	{"62 3f", "(exact 63)", ops.CustomDescriptors},
	{"62 40", "(exact 64)", ops.CustomDescriptors}, // an exact index is unsigned, the others are not
	{"62 62", "(exact 98)", ops.CustomDescriptors},
	{"62 ff 7f", "(exact 16383)", ops.CustomDescriptors},
}

var valTypes = []typeCase{
	{"7f", "i32", 0},
	{"7e", "i64", 0},
	{"7d", "f32", ops.Floats},
	{"7c", "f64", ops.Floats},
	{"7b", "v128", ops.SIMD},
	{"70", "funcref", ops.ReferenceTypes},
	{"6f", "externref", ops.ReferenceTypes | ops.GCTypes},
	{"6e", "anyref", ops.GC | ops.GCTypes},
	{"71", "nullref", ops.GC | ops.GCTypes},
	{"69", "exnref", ops.Exceptions},
	{"68", "contref", ops.StackSwitching | ops.GCTypes},
	{"65 6f", "(ref null (shared extern))", ops.SharedEverythingThreads | ops.ReferenceTypes | ops.GCTypes},
	{"63 70", "funcref", ops.FunctionReferences},
	{"64 70", "(ref func)", ops.FunctionReferences},
	{"64 6e", "(ref any)", ops.FunctionReferences | ops.GC | ops.GCTypes},
	{"63 03", "(ref null 3)", ops.FunctionReferences},
	{"64 80 01", "(ref 128)", ops.FunctionReferences},
	{"64 62 03", "(ref (exact 3))", ops.FunctionReferences | ops.CustomDescriptors},
	{"63 ff ff ff ff 0f", "(ref null 16777215)", ops.FunctionReferences},
}

func TestReadHeapTypes(t *testing.T) {
	for _, c := range heapTypes {
		t.Run(c.text, func(t *testing.T) {
			checkType(t, c, "malformed heap type", func(r *ops.Reader) (string, error) {
				h, err := r.HeapType()
				return h.String(), err
			})
		})
	}
}

func TestReadValTypes(t *testing.T) {
	for _, c := range valTypes {
		t.Run(c.text, func(t *testing.T) {
			checkType(t, c, "malformed ", func(r *ops.Reader) (string, error) {
				v, err := r.ValType()
				return v.String(), err
			})
		})
	}
}

// checkType reads c with exactly what it needs, and without each of that.
func checkType(t *testing.T, c typeCase, message string, read func(*ops.Reader) (string, error)) {
	t.Helper()
	is := is.New(t)
	code := unhex(t, c.hex)
	r := ops.NewReader(code, 50, c.need)
	got, err := read(r)
	is.NoErr(err)
	is.Equal(got, c.text)
	is.Equal(r.Need(), typedRefs(c.need))
	is.Equal(r.Len(), 0)
	for i := range code {
		_, err := read(ops.NewReader(code[:i], 50, c.need))
		is.Equal(syntaxError(t, err).Message, "unexpected end of section or function")
	}
	for m := c.need; m != 0; m &= m - 1 {
		bit := m & -m
		if bit == ops.FunctionReferences && c.need&ops.GC != 0 {
			continue // which has typed references too
		}
		_, err := read(ops.NewReader(code, 50, (c.need|modifiers)&^bit&^keep(c.need, bit)))
		s := syntaxError(t, err)
		is.Equal(s.Feature, bit)
		is.Equal(s.Message[:len(message)], message)
	}
}

// typedRefs returns f with what it needs of function-references here, which gc
// has too.
func typedRefs(f ops.Features) ops.Features {
	if f&ops.FunctionReferences != 0 {
		f = f&^ops.FunctionReferences | ops.TypedRefs
	}
	return f
}

// keep returns the modifiers that must not be set to leave need&^bit on.
func keep(need, bit ops.Features) ops.Features {
	var off ops.Features
	if bit != ops.Floats {
		off |= ops.WithoutFloats
	}
	if bit != ops.GCTypes {
		off |= ops.WithoutGCTypes
	}
	return off
}

func TestReadMalformedTypes(t *testing.T) {
	valType := func(r *ops.Reader) error { _, err := r.ValType(); return err }
	refType := func(r *ops.Reader) error { _, err := r.RefType(); return err }
	heapType := func(r *ops.Reader) error { _, err := r.HeapType(); return err }
	storageType := func(r *ops.Reader) error { _, err := r.StorageType(); return err }
	blockType := func(r *ops.Reader) error { _, err := r.BlockType(); return err }
	for _, c := range []struct {
		read    func(*ops.Reader) error
		hex     string
		message string
		offset  int
	}{
		{valType, "7a", "malformed value type", 0},
		{valType, "40", "malformed value type", 0},
		{valType, "00", "malformed value type", 0},
		{valType, "78", "malformed value type", 0},
		{valType, "62 00", "malformed value type", 0},
		{valType, "65 64 70", "malformed value type", 0},
		{valType, "ff 7f", "integer representation too long", 0},
		{valType, "64 7f", "malformed heap type", 1},
		{valType, "64 65 00", "malformed heap type", 1},
		{valType, "64 ff ff ff ff 1f", "integer too large", 1},
		{refType, "7f", "malformed reference type", 0},
		{refType, "7b", "malformed reference type", 0},
		{refType, "05", "malformed reference type", 0},
		{heapType, "7f", "malformed heap type", 0},
		{heapType, "64 70", "malformed heap type", 0},
		{heapType, "f0 7f", "integer representation too long", 0},
		{heapType, "62 ff ff ff ff 1f", "integer too large", 1},
		{heapType, "62 80 80 80 80 80 00", "integer representation too long", 1},
		{heapType, "65 65 70", "malformed heap type", 0},
		{storageType, "76", "malformed storage type", 0},
		{storageType, "62 00", "malformed storage type", 0},
		{blockType, "41", "malformed value type", 0},
		{blockType, "c0 7f", "integer representation too long", 0},
		{blockType, "ff ff ff ff 7f", "integer representation too long", 0},
		{blockType, "ff ff ff ff 1f", "integer too large", 0},
		{blockType, "", "unexpected end of section or function", 0},
	} {
		t.Run(c.message+" "+c.hex, func(t *testing.T) {
			is := is.New(t)
			s := syntaxError(t, c.read(ops.NewReader(unhex(t, c.hex), 0, ops.All)))
			is.Equal(s.Message, c.message)
			is.Equal(s.Offset, c.offset)
			is.Equal(s.Feature, ops.Features(0)) // no feature would allow it
		})
	}
}

func TestReadRefTypeOfTables(t *testing.T) {
	is := is.New(t)
	r := ops.NewReader([]byte{0x70}, 0, 0)
	v, err := r.RefType()
	is.NoErr(err)
	is.Equal(v, ops.FuncRef)
	is.Equal(r.Need(), ops.Features(0)) // tables have always held functions
}

func TestReadStorageTypes(t *testing.T) {
	is := is.New(t)
	for code, want := range map[byte]ops.ValType{0x78: ops.I8, 0x77: ops.I16, 0x7F: ops.I32} {
		v, err := ops.NewReader([]byte{code}, 0, ops.All).StorageType()
		is.NoErr(err)
		is.Equal(v, want)
	}
	_, err := ops.NewReader([]byte{0x78}, 0, ops.Wasm2).StorageType()
	is.Equal(syntaxError(t, err).Feature, ops.GC)
	_, err = ops.NewReader([]byte{0x6E}, 0, ops.Wasm2).StorageType()
	is.Equal(*syntaxError(t, err), ops.SyntaxError{Message: "malformed storage type", Feature: ops.GC})
}

func TestReadBlockTypes(t *testing.T) {
	for _, c := range []struct {
		hex  string
		want ops.BlockType
		need ops.Features
	}{
		{"40", 0, 0},
		{"7f", ops.BlockResult(ops.I32), 0},
		{"7c", ops.BlockResult(ops.F64), ops.Floats},
		{"64 03", ops.BlockResult(ops.IndexHeap(3).Ref()), ops.FunctionReferences},
		{"00", ops.BlockIndex(0), ops.MultiValue},
		{"c0 00", ops.BlockIndex(64), ops.MultiValue},
		{"ff ff ff ff 0f", ops.BlockIndex(math.MaxUint32), ops.MultiValue},
	} {
		is := is.New(t)
		r := ops.NewReader(unhex(t, c.hex), 0, c.need)
		b, err := r.BlockType()
		is.NoErr(err)
		is.Equal(b, c.want)
		is.Equal(r.Need(), typedRefs(c.need))
	}
	_, err := ops.NewReader([]byte{0}, 0, 0).BlockType()
	is.New(t).Equal(*syntaxError(t, err), ops.SyntaxError{Message: "malformed value type", Feature: ops.MultiValue})
}

func TestTypesReadBack(t *testing.T) {
	is := is.New(t)
	for _, c := range append(valTypes, typeCase{"78", "i8", 0}, typeCase{"77", "i16", 0}) {
		v, err := ops.NewReader(unhex(t, c.hex), 0, ops.All).StorageType()
		is.NoErr(err)
		w, err := ops.NewReader(ops.AppendValType(nil, v), 0, ops.All).StorageType()
		is.NoErr(err)
		is.Equal(w, v)
	}
}

// What a type says that it needs is what reading it needs.
func TestNeedsOfTypes(t *testing.T) {
	types := []ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64, ops.V128}
	heaps := []ops.HeapType{ops.IndexHeap(3), ops.IndexHeap(3).WithExact()}
	for h := ops.HeapFunc; h <= ops.HeapNoCont; h++ {
		heaps = append(heaps, h, h.WithShared())
	}
	for _, h := range heaps {
		types = append(types, h.Ref(), h.RefNull())
	}
	for _, v := range types {
		t.Run(v.String(), func(t *testing.T) {
			is := is.New(t)
			r := ops.NewReader(ops.AppendValType(nil, v), 0, ops.All)
			got, err := r.ValType()
			is.NoErr(err)
			is.Equal(got, v)
			is.Equal(v.Needs(), r.Need())
		})
	}
}
