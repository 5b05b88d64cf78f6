package right

import "testing"

type asserts struct{ t *testing.T }

func (is asserts) True(ok bool) {
	if !ok {
		is.t.FailNow()
	}
}

func (is asserts) NoErr(err error) {
	if err != nil {
		is.t.FailNow()
	}
}

func expectsFailure(t *testing.T, u unassigned) {
	is := asserts{t}
	_, err := u.Assign(1<<20, 0, 0)
	is.True(err != nil)
	a, err := u.Assign(0, 0, 0)
	is.NoErr(err)
	u, err = a.Finish(0)
	is.NoErr(err)
	_ = u.IntoAllocations()
}

func expectsFailureFatally(t *testing.T, u unassigned) {
	if _, err := u.Assign(1<<20, 0, 0); err == nil {
		t.Fatal("no error")
	}
	_ = u.IntoAllocations()
}

func cleanedUp(t *testing.T, u unassigned) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Abandon() })
	if err := a.Op(0, 1); err != nil {
		t.Fatal(err)
	}
}

func subtests(t *testing.T, m module, handle func(module) unassigned) {
	for _, name := range []string{"a", "b"} {
		u := handle(m)
		t.Run(name, func(t *testing.T) {
			a, err := u.Assign(0, 0, 0)
			if err != nil {
				t.Skip(err)
			}
			_ = a.Abandon()
		})
	}
}
