//go:build race

package validator_test

// raceEnabled says that the tests run under the race detector, with which a
// sync.Pool forgets some of what it is given on purpose.
const raceEnabled = true
