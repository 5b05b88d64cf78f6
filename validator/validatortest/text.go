package validatortest

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a word of the text, or a list in parentheses.
type node struct {
	word   string
	list   []node
	isList bool
	marked bool // an @ stood in front of it
}

// String returns the node as it is written.
func (n node) String() string {
	if !n.isList {
		return n.word
	}
	words := make([]string, len(n.list))
	for i, m := range n.list {
		words[i] = m.String()
	}
	return "(" + strings.Join(words, " ") + ")"
}

// head returns the first word of a list.
func (n node) head() string {
	if n.isList && len(n.list) > 0 {
		return n.list[0].word
	}
	return ""
}

// reader takes the nodes of a text from left to right and writes what they
// mean to out.
type reader struct {
	text  string
	nodes []node
	out   *code
}

// code is encoded text, with the position of the mark in it, or -1.
type code struct {
	b    []byte
	mark int
}

// read splits text into nodes.
func read(text string, out *code) *reader {
	r := &reader{text: text, out: out}
	rest := text
	r.nodes = r.parse(&rest, 0)
	return r
}

// encode returns what f writes while it reads text, all of it.
func encode(text string, f func(*reader)) code {
	c := code{mark: -1}
	r := read(text, &c)
	f(r)
	r.end()
	return c
}

// fail panics: the text is at fault, at the word given.
func (r *reader) fail(at string, format string, args ...any) {
	panic(fmt.Sprintf("validatortest: %s: at %q in %q", fmt.Sprintf(format, args...), at, r.text))
}

// parse reads nodes up to the end of the text or of the list.
func (r *reader) parse(rest *string, depth int) []node {
	var nodes []node
	marked := false
	for {
		s := strings.TrimLeft(*rest, " \t\r\n")
		switch {
		case strings.HasPrefix(s, ";;"):
			_, *rest, _ = strings.Cut(s, "\n")
			continue
		case s == "" && depth == 0:
			*rest = s
			if marked {
				r.fail("@", "nothing follows the mark")
			}
			return nodes
		case s == "":
			r.fail("", "a parenthesis is open")
		case s[0] == ')' && depth > 0:
			*rest = s[1:]
			return nodes
		case s[0] == ')':
			r.fail(s, "nothing to close")
		case s[0] == '@':
			marked, *rest = true, s[1:]
			continue
		case s[0] == '(':
			*rest = s[1:]
			nodes = append(nodes, node{list: r.parse(rest, depth+1), isList: true, marked: marked})
		default:
			n := strings.IndexAny(s, " \t\r\n()@;")
			if n < 0 {
				n = len(s)
			}
			n = max(n, 1)
			nodes = append(nodes, node{word: s[:n], marked: marked})
			*rest = s[n:]
		}
		marked = false
	}
}

// sub returns a reader of the nodes given that writes to the same place.
func (r *reader) sub(nodes []node) *reader {
	return &reader{text: r.text, nodes: nodes, out: r.out}
}

// more reports whether a node is left.
func (r *reader) more() bool { return len(r.nodes) > 0 }

// end panics when a node is left.
func (r *reader) end() {
	if r.more() {
		r.fail(r.nodes[0].String(), "unexpected")
	}
}

// peek returns the next node without taking it; at the end an empty one.
func (r *reader) peek() node {
	if !r.more() {
		return node{}
	}
	return r.nodes[0]
}

// next takes a node. The mark, if it carries one, is where the next byte goes.
func (r *reader) next(want string) node {
	if !r.more() {
		r.fail("", "the text ends, %s is missing", want)
	}
	n := r.nodes[0]
	r.nodes = r.nodes[1:]
	if n.marked {
		r.out.setMark(len(r.out.b), r)
	}
	return n
}

// setMark records the mark.
func (c *code) setMark(pos int, r *reader) {
	if c.mark >= 0 {
		r.fail("@", "a second mark")
	}
	c.mark = pos
}

// accept takes the next node if it is the word given.
func (r *reader) accept(word string) bool {
	if r.peek().word != word || !r.more() {
		return false
	}
	r.next(word)
	return true
}

// acceptList takes the next node if it is a list that begins with the word
// given, and returns a reader of the rest of it.
func (r *reader) acceptList(head string) (*reader, bool) {
	if r.peek().head() != head {
		return nil, false
	}
	return r.sub(r.next(head).list[1:]), true
}

// isNumber reports whether the next node is an unsigned integer.
func (r *reader) isNumber() bool {
	w := r.peek().word
	return w != "" && w[0] >= '0' && w[0] <= '9'
}

// uint takes an unsigned integer of the number of bits given.
func (r *reader) uint(bits int) uint64 {
	n := r.next("a number")
	return r.parseUint(n.word, n.String(), bits)
}

func (r *reader) parseUint(word, at string, bits int) uint64 {
	digits, base := digitsOf(word)
	v, err := strconv.ParseUint(digits, base, bits)
	if err != nil {
		r.fail(at, "want an unsigned integer of %d bits", bits)
	}
	return v
}

// digitsOf returns the digits of a number, with its sign, and their base: 16 behind 0x,
// otherwise 10, also behind a 0.
func digitsOf(word string) (digits string, base int) {
	digits = strings.ReplaceAll(word, "_", "")
	sign := digits[:len(digits)-len(strings.TrimLeft(digits, "+-"))]
	if hex, ok := strings.CutPrefix(digits[len(sign):], "0x"); ok {
		return sign + hex, 16
	}
	return digits, 10
}

// u32 takes an unsigned integer of 32 bits.
func (r *reader) u32() uint32 { return uint32(r.uint(32)) }

// int takes an integer of the number of bits given, signed or unsigned, and
// returns it sign-extended.
func (r *reader) int(bits int) int64 {
	w := r.next("a number").word
	digits, base := digitsOf(w)
	if v, err := strconv.ParseInt(digits, base, bits); err == nil {
		return v
	}
	v := r.parseUint(w, w, bits)
	return int64(v<<(64-bits)) >> (64 - bits)
}
