package generate

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Config says what kind of module to make.
type Config struct {
	// Features are the proposals that the module may use. The module is valid with
	// exactly these. The zero value stands for [ops.Default].
	Features ops.Features
	// Funcs is the number of function bodies; 0 stands for 4.
	Funcs int
	// Operators is about how many operators are chosen for each body; those that
	// make their operands come on top. 0 stands for 40.
	Operators int
}

// withDefaults returns c with its zero fields replaced.
func (c Config) withDefaults() Config {
	if c.Features == 0 {
		c.Features = ops.Default
	}
	if c.Funcs <= 0 {
		c.Funcs = 4
	}
	if c.Operators <= 0 {
		c.Operators = 40
	}
	return c
}

// Module returns the valid module that belongs to the number seed. An error means
// that the declarations of the module are not valid after all: a mistake of this
// package or of the validator.
func Module(seed uint64, c Config) ([]byte, error) {
	return newProgram(fromSeed(seed), c).module()
}

// FromBytes returns the valid module that belongs to data: each of its bytes makes
// a choice or a few. The choices after the last are those that a zero makes.
func FromBytes(data []byte, c Config) ([]byte, error) {
	return newProgram(fromBytes(data), c).module()
}

// module makes the whole module and returns its bytes.
func (p *program) module() ([]byte, error) {
	p.declare()
	if err := p.makeBodies(); err != nil {
		return nil, err
	}
	return p.encode(), nil
}

// makeBodies makes the bodies of the functions, judged against the declarations.
func (p *program) makeBodies() error {
	p.bodies = p.stubs()
	m, funcs, err := validator.Spine(context.Background(), p.encode(), validator.WithFeatures(p.features))
	if err != nil {
		return fmt.Errorf("generate: the declarations are not valid: %w", err)
	}
	p.m = m
	u := validator.New(m, p.features)
	for i, f := range funcs {
		a, err := u.Assign(f.Index, f.TypeIdx, 0)
		if err != nil {
			return err
		}
		b := &body{program: p, a: a, typeIdx: f.TypeIdx, nth: i}
		b.make()
		if u, err = a.Finish(len(b.code)); err != nil {
			return fmt.Errorf("generate: the body of function %d does not end: %w", f.Index, err)
		}
		p.bodies[i] = b.code
	}
	return nil
}

// stubs returns a body for each function that is made of unreachable alone.
func (p *program) stubs() [][]byte {
	list := make([][]byte, len(p.funcs)-p.importedFuncs)
	for i := range list {
		list[i] = []byte{0, byte(ops.Unreachable), byte(ops.End)}
	}
	return list
}

// choices is where decisions come from.
type choices struct {
	next func() uint64 // eight random bits or more
}

func fromSeed(seed uint64) choices {
	pcg := rand.NewPCG(seed, 0x9e3779b97f4a7c15)
	return choices{func() uint64 { return pcg.Uint64() >> 8 }}
}

func fromBytes(data []byte) choices {
	return choices{func() uint64 {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return uint64(b)
	}}
}

// below returns a number from 0 to n-1; 0 when n is less than 2.
func (c choices) below(n int) int {
	if n < 2 {
		return 0
	}
	v := c.next()
	if n > 256 {
		v = v&0xFFFF<<16 ^ c.next()
	}
	return int(v % uint64(n))
}

// one reports true once in n times.
func (c choices) one(n int) bool { return c.below(n) == n-1 }

// word returns a number in which small values, and those at the edges, are as
// likely as all others together.
func (c choices) word(bits int) uint64 {
	switch c.below(4) {
	case 0:
		return uint64(c.below(64))
	case 1:
		return 1<<(c.below(bits)) - uint64(c.below(2))
	case 2:
		return -uint64(c.below(64))
	default:
		v := uint64(0)
		for range bits / 8 {
			v = v<<8 ^ c.next()
		}
		return v
	}
}

// pick returns one of the list, which must not be empty.
func pick[T any](c choices, list []T) T { return list[c.below(len(list))] }

// program is a module in the making.
type program struct {
	choices
	Config
	features ops.Features

	groups   []group
	types    *module.Types
	byKind   [4][]uint32   // the types of each kind
	numbers  []ops.ValType // the types of the operands that pile up
	imports  []external
	funcs    []uint32 // the type of each function, imports first
	tables   []table
	memories []module.MemoryType
	tags     []uint32
	globals  []global
	exports  []export
	start    int // -1 without a start function
	elems    []elem
	datas    []data
	customs  map[module.SectionID][]byte // the sections in front of another, encoded
	bodies   [][]byte
	compact  bool         // imports from one module are written as one item
	sites    map[site]int // where things are in what encode wrote last

	importedFuncs, importedTables, importedMemories, importedGlobals, importedTags int

	m     *module.Module // the declarations, once they are complete
	fault *injection     // what to do wrong in a body; nil to make a valid module

	emptySection module.SectionID // the section that is written without items
	dataCountOff int              // by how much the data count is wrong
}

func newProgram(c choices, config Config) *program {
	config = config.withDefaults()
	return &program{choices: c, Config: config, features: config.Features.Effective(), start: -1}
}

// has reports whether all of the proposals are on.
func (p *program) has(f ops.Features) bool { return p.features.Missing(f) == 0 }
