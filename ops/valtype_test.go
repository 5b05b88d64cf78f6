package ops_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

func TestValTypeText(t *testing.T) {
	for _, c := range []struct {
		t    ops.ValType
		want string
	}{
		{ops.Bot, "bot"}, {ops.I32, "i32"}, {ops.I64, "i64"}, {ops.F32, "f32"}, {ops.F64, "f64"},
		{ops.V128, "v128"}, {ops.I8, "i8"}, {ops.I16, "i16"},
		{ops.AddrType, "at"}, {ops.TableAddrType, "tt"}, {ops.ElemType, "te"},
		{ops.FuncRef, "funcref"}, {ops.ExternRef, "externref"}, {ops.AnyRef, "anyref"},
		{ops.EqRef, "eqref"}, {ops.I31Ref, "i31ref"}, {ops.StructRef, "structref"},
		{ops.ArrayRef, "arrayref"}, {ops.ExnRef, "exnref"}, {ops.ContRef, "contref"},
		{ops.NullRef, "nullref"}, {ops.NullFuncRef, "nullfuncref"}, {ops.NullExternRef, "nullexternref"},
		{ops.NullExnRef, "nullexnref"}, {ops.NullContRef, "nullcontref"},
		{ops.FuncRef.NonNull(), "(ref func)"}, {ops.NullRef.NonNull(), "(ref none)"},
		{ops.IndexHeap(3).Ref(), "(ref 3)"}, {ops.IndexHeap(3).RefNull(), "(ref null 3)"},
		{ops.IndexHeap(3).WithExact().RefNull(), "(ref null (exact 3))"},
		{ops.HeapAny.WithShared().RefNull(), "(ref null (shared any))"},
		{ops.HeapBot.Ref(), "(ref bot)"},
		{ops.ValType(1 << 20), "?"},
	} {
		is.New(t).Equal(c.t.String(), c.want)
	}
}

func TestValTypeProperties(t *testing.T) {
	is := is.New(t)
	is.True(ops.I32.IsNum() && ops.F64.IsNum() && !ops.V128.IsNum() && !ops.FuncRef.IsNum())
	is.True(ops.I8.IsPacked() && ops.I16.IsPacked() && !ops.I32.IsPacked())
	is.Equal(ops.I8.Unpacked(), ops.I32)
	is.Equal(ops.F32.Unpacked(), ops.F32)
	is.True(ops.FuncRef.IsRef() && !ops.V128.IsRef() && !ops.ElemType.IsRef())
	is.Equal(ops.FuncRef.NonNull().AsNull(), ops.FuncRef)
	is.Equal(ops.I32.AsNull(), ops.I32)
	is.True(ops.I32.Defaultable() && ops.FuncRef.Defaultable() && !ops.FuncRef.NonNull().Defaultable())
	i, ok := ops.IndexHeap(7).WithExact().Index()
	is.True(ok)
	is.Equal(i, uint32(7))
	is.Equal(ops.IndexHeap(7).WithExact().Abs(), ops.IndexHeap(7))
	is.Equal(ops.HeapEq.WithShared().Abs(), ops.HeapEq)
	is.Equal(ops.IndexHeap(7).WithExact().WithoutExact(), ops.IndexHeap(7))
}

func TestBlockTypeText(t *testing.T) {
	for _, c := range []struct {
		t    ops.BlockType
		want string
	}{
		{0, ""}, {ops.BlockResult(ops.I64), "(result i64)"}, {ops.BlockIndex(0), "(type 0)"},
		{ops.BlockResult(ops.IndexHeap(1).Ref()), "(result (ref 1))"},
	} {
		is.New(t).Equal(c.t.String(), c.want)
	}
}
