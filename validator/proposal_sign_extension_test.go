package validator_test

import "testing"

// The types of the operators are tested from the operator table.
func TestSignExtension(t *testing.T) { checkOperators(t, "sign-extension", "") }
