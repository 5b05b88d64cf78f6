package module

// ProducersField is one field of the producers section: which tools had a part
// in making the module.
type ProducersField struct {
	Name   string     // "language", "processed-by" or "sdk"
	Values []Producer // in the order of the section
}

// Producer is a tool or language with its version.
type Producer struct {
	Name, Version string // as the tool gives them; Version may be empty
}

// ReadProducers reads the contents of a producers section, which lie offset
// bytes from the start of the module. The error is an *ops.SyntaxError and says
// nothing about the module.
//
// Source: tool-conventions, "Producers Section".
func ReadProducers(content []byte, offset int) ([]ProducersField, error) {
	c := newCustomReader(content, offset)
	seen := [3]bool{}
	fields := list(c, func() ProducersField {
		at := c.r.Offset()
		f := ProducersField{Name: c.name()}
		known := false
		for i, name := range [...]string{"language", "processed-by", "sdk"} {
			if f.Name == name {
				known, seen[i] = !seen[i], true
			}
		}
		if !known {
			c.fail(at, "malformed producers field: it is not known, or there twice")
		}
		f.Values = list(c, func() Producer { return Producer{Name: c.name(), Version: c.name()} })
		return f
	})
	return fields, c.end()
}
