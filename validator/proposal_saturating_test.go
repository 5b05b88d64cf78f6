package validator_test

import "testing"

// The types of the operators are tested from the operator table.
func TestSaturatingFloatToInt(t *testing.T) { checkOperators(t, "saturating-float-to-int", "") }
