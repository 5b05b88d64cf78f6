package module

import "github.com/wasmstate/wasmstate/ops"

// The sections of a core dump, which is itself a module: core, coremodules,
// coreinstances, and corestack for each thread.
//
// Source: tool-conventions, "Coredump".

// CoreInstance is one module instance in a core dump.
type CoreInstance struct {
	Module   uint32   // index into the modules of the core dump
	Memories []uint32 // indices into the memories of the core dump
	Globals  []uint32 // indices into its globals
}

// CoreStack is the stack of one thread in a core dump.
type CoreStack struct {
	Thread string      // name of the thread
	Frames []CoreFrame // the innermost first
}

// CoreFrame is one frame of a stack.
type CoreFrame struct {
	Instance uint32      // index of the instance whose function it is
	Func     uint32      // index of the function
	Offset   uint32      // of the operator, in bytes from the start of the function body
	Locals   []CoreValue // the values of the locals, parameters first
	Stack    []CoreValue // the operand stack, the top last
}

// CoreValue is a value in a frame.
type CoreValue struct {
	Type ops.ValType // ops.Bot for a value that is not known
	Bits uint64      // the integer, sign-extended, or the bits of the float
}

// ReadCore reads the contents of a core section, which lie offset bytes from the
// start of the module: the name of the process. The error is an
// *ops.SyntaxError and says nothing about the module.
func ReadCore(content []byte, offset int) (process string, err error) {
	c := newCustomReader(content, offset)
	c.zero()
	process = c.name()
	return process, c.end()
}

// ReadCoreModules reads the contents of a coremodules section, as [ReadCore]
// reads those of a core section: the names of the modules.
func ReadCoreModules(content []byte, offset int) ([]string, error) {
	c := newCustomReader(content, offset)
	modules := list(c, func() string {
		c.zero()
		return c.name()
	})
	return modules, c.end()
}

// ReadCoreInstances reads the contents of a coreinstances section, as [ReadCore]
// reads those of a core section.
func ReadCoreInstances(content []byte, offset int) ([]CoreInstance, error) {
	c := newCustomReader(content, offset)
	instances := list(c, func() CoreInstance {
		c.zero()
		return CoreInstance{Module: c.u32(), Memories: list(c, c.u32), Globals: list(c, c.u32)}
	})
	return instances, c.end()
}

// ReadCoreStack reads the contents of a corestack section, as [ReadCore] reads
// those of a core section.
func ReadCoreStack(content []byte, offset int) (*CoreStack, error) {
	c := newCustomReader(content, offset)
	c.zero()
	s := &CoreStack{Thread: c.name()}
	s.Frames = list(c, func() CoreFrame {
		c.zero()
		return CoreFrame{
			Instance: c.u32(), Func: c.u32(), Offset: c.u32(),
			Locals: list(c, c.coreValue), Stack: list(c, c.coreValue),
		}
	})
	return s, c.end()
}

// zero reads the byte in front of each part of a core dump.
func (c *customReader) zero() {
	if at := c.r.Offset(); c.byte() != 0 {
		c.fail(at, "zero byte expected")
	}
}

// codeMissing is the encoding of a value that is not known; the others begin
// with their value type.
const codeMissing = 0x01

// coreValue reads a value in a frame.
func (c *customReader) coreValue() (v CoreValue) {
	if b, ok := c.r.Peek(); ok && b == codeMissing && c.err == nil {
		c.byte()
		return CoreValue{}
	}
	at := c.r.Offset()
	v.Type = readWith(c, c.r.ValType)
	switch v.Type {
	case ops.I32:
		v.Bits = uint64(int64(c.s32()))
	case ops.I64:
		v.Bits = uint64(c.s64())
	case ops.F32:
		v.Bits = uint64(c.f32())
	case ops.F64:
		v.Bits = c.f64()
	default:
		c.fail(at, "malformed core dump value")
	}
	return v
}
