package misuse

import (
	"github.com/wasmstate/wasmstate/validator"
)

// Return after an error without Abandon
func dropOnError(u unassigned, f, g function) error {
	a, err := f.Assign(u) // want vet "the handle that Assign returned is dropped: the return at lost.go:14 is reached without Finish or Abandon"
	if err != nil {
		return err
	}
	if err := a.Validate(f.Body); err != nil {
		return err
	}
	_, err = a.Finish(0)
	return err
}

// Begin the next function without ending the last
func dropInLoop(u unassigned, f, g function) error {
	for _, f := range []function{f, g} {
		a, err := f.IntoValidator(nil) // want vet "the handle that IntoValidator returned is dropped: the return at lost.go:28 is reached without Finish or Abandon"
		if err != nil {
			return err
		}
		if err := a.Validate(f.Body); err != nil {
			return err
		}
	}
	return nil
}

// Ignore what Assign returns
func ignoreAssign(u unassigned, f, g function) error {
	u.Assign(0, 0, 0) // want vet "the result of u.Assign is ignored: the handle that it returns is lost"
	return nil
}

// Ignore the verdict and the validator that Finish returns
func ignoreFinish(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_ = a.Validate(f.Body)
	a.Finish(0) // want vet "the result of a.Finish is ignored: the handle that it returns is lost"
	return nil
}

// Ignore the validator that Abandon returns
func ignoreAbandon(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer a.Abandon() // want vet "the result of a.Abandon is ignored: the handle that it returns is lost"
	return a.Validate(f.Body)
}

// Ignore that Put failed
func ignorePut(u unassigned, f, g function) error {
	pool := validator.NewPool(f.Resources, f.Features)
	pool.Put(u) // want vet "the result of pool.Put is ignored"
	return nil
}

// Ignore the buffers that were taken out
func ignoreBuffers(u unassigned, f, g function) error {
	u.IntoAllocations() // want vet "the result of u.IntoAllocations is ignored"
	return nil
}
