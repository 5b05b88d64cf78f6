package generate

type injection struct {
	nth    int
	inject func(*body) bool
}
