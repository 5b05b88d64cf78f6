package validator

// Limits bound what a module may ask for. Going past one is an [Error] of kind
// [Limit]. The zero value of a field means its default; the defaults are those
// that all web engines agreed on (JavaScript API specification, "Limits").
type Limits struct {
	// Locals is the number of locals of a function, parameters included.
	Locals uint32
	// Operands is the height of the operand stack inside one function. No engine
	// names it; the default is more than a body of the largest size could push
	// with operators that push one operand each.
	Operands int
}

// DefaultLimits returns the limits that hold when no others are given.
func DefaultLimits() Limits {
	return Limits{
		Locals:   50_000,
		Operands: 1 << 22,
	}
}
