package validator_test

import (
	"context"
	"errors"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
)

// A module that is cut off is malformed, wherever it is cut inside a section.
// Between two sections, what is left of it may be a module.
func TestCutModules(t *testing.T) {
	const work = 200e6 // bytes to validate for each module, at most
	for _, m := range realmodules.All() {
		t.Run(m.Name, func(t *testing.T) {
			is := is.New(t)
			whole, err := validator.Validate(context.Background(), m.Bytes)
			is.NoErr(err)
			between := map[int]bool{8: true}
			for _, s := range whole.Sections() {
				between[s.Offset+s.Size] = true
			}
			size := len(m.Bytes)
			step := max(int(float64(size)*float64(size)/2/work), 1)
			forEach((size-1)/step+1, func(i int) {
				cut := i * step
				_, err := validator.Validate(context.Background(), m.Bytes[:cut], validator.WithWorkers(1))
				var e *validator.Error
				switch {
				case err == nil && between[cut]:
				case !errors.As(err, &e):
					t.Errorf("cut at 0x%x: got %v, want a *validator.Error", cut, err)
				case e.Kind != validator.Malformed || e.Offset > cut:
					t.Errorf("cut at 0x%x: %v", cut, err)
				}
			})
		})
	}
}
