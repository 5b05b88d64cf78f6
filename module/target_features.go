package module

// TargetFeature is one entry of the target_features section.
type TargetFeature struct {
	// Policy is '+' when the object uses the feature, '-' when it must not be
	// linked with objects that use it, and '=' when all objects must use it.
	Policy byte
	Name   string
}

// ReadTargetFeatures reads the contents of a target_features section, which lie
// offset bytes from the start of the module. The error is an *ops.SyntaxError
// and says nothing about the module.
//
// Source: tool-conventions, "Target Features Section".
func ReadTargetFeatures(content []byte, offset int) ([]TargetFeature, error) {
	c := newCustomReader(content, offset)
	features := list(c, func() TargetFeature {
		at := c.r.Offset()
		f := TargetFeature{Policy: c.byte()}
		if f.Policy != '+' && f.Policy != '-' && f.Policy != '=' {
			c.fail(at, "malformed target feature policy")
		}
		f.Name = c.name()
		return f
	})
	return features, c.end()
}
