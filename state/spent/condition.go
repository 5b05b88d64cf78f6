package spent

import (
	"go/token"
	"strings"
)

// comparison returns the key of a comparison, or "" for other operators. There
// is one key for a comparison and its mirror image, and the negation of it for
// the opposite.
func comparison(op token.Token, a, b string) string {
	switch op {
	case token.EQL, token.NEQ:
		if a[0] == '#' || b[0] != '#' && b < a {
			a, b = b, a
		}
		k := "(== " + a + " " + b + ")"
		if op == token.NEQ {
			return negate(k)
		}
		return k
	case token.LSS:
		return "(< " + a + " " + b + ")"
	case token.GTR:
		return "(< " + b + " " + a + ")"
	case token.LEQ:
		return negate("(< " + b + " " + a + ")")
	case token.GEQ:
		return negate("(< " + a + " " + b + ")")
	}
	return ""
}

func negate(key string) string {
	switch {
	case key == "#true":
		return "#false"
	case key == "#false":
		return "#true"
	case key[0] == '!':
		return key[1:]
	}
	return "!" + key
}

// equality splits the key of an equality.
func equality(key string) (a, b string, ok bool) {
	inner, ok := strings.CutPrefix(key, "(== ")
	if !ok {
		return "", "", false
	}
	inner = strings.TrimSuffix(inner, ")")
	depth := 0
	for i := range len(inner) {
		switch inner[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if depth == 0 {
				return inner[:i], inner[i+1:], true
			}
		}
	}
	return "", "", false
}

// eval returns what a condition is on this path, if that is known.
func (s *state) eval(key string) (value, known bool) {
	switch {
	case key == "#true":
		return true, true
	case key == "#false":
		return false, true
	case key[0] == '!':
		v, known := s.eval(key[1:])
		return !v, known
	}
	if a, b, ok := equality(key); ok {
		return s.evalEqual(a, b)
	}
	f := s.facts[key]
	return f == "=#true", f == "=#true" || f == "=#false"
}

func (s *state) evalEqual(a, b string) (value, known bool) {
	if a == b {
		return true, true
	}
	if b[0] != '#' {
		f := s.facts["(== "+a+" "+b+")"]
		return f == "=#true", f != ""
	}
	if a[0] == '#' {
		return false, true
	}
	if b == "#true" || b == "#false" {
		v, known := s.eval(a)
		return v == (b == "#true"), known
	}
	f := s.facts[a]
	switch {
	case strings.HasPrefix(f, "="):
		return f[1:] == b, true
	case strings.HasPrefix(f, "!") && strings.Contains(f[1:], b+";"):
		return false, true
	}
	return false, false
}

// assume records that a condition holds, or does not.
func (s *state) assume(key string, truth bool) {
	if key[0] == '!' {
		s.assume(key[1:], !truth)
		return
	}
	if a, b, ok := equality(key); ok && b[0] == '#' {
		switch {
		case b == "#true" || b == "#false":
			s.assume(a, truth == (b == "#true"))
		case truth:
			s.facts[a] = "=" + b
		case s.facts[a] == "":
			s.facts[a] = "!" + b + ";"
		case s.facts[a][0] == '!':
			s.facts[a] += b + ";"
		}
		return
	}
	if key[0] != '#' {
		s.facts[key] = map[bool]string{true: "=#true", false: "=#false"}[truth]
	}
}
