package reduce

import (
	"errors"

	"github.com/wasmstate/wasmstate/ops"
)

var errUnknown = errors.New("does not decode")

// parseDatas divides the data section into segments.
func parseDatas(s *node, content []byte) {
	r := ops.NewReader(content, 0, ops.All)
	n, err := r.Count()
	if err != nil {
		s.bytes = content
		return
	}
	s.counted = true
	for range n {
		start := r.Offset()
		head, err := dataHead(content, r)
		if err != nil {
			s.rest = content[start:]
			return
		}
		data, err := framed(r)
		if err != nil {
			s.rest = content[start:]
			return
		}
		s.kids = append(s.kids, &node{bytes: head, kids: []*node{{framed: true, bytes: data}}})
	}
	s.rest = content[r.Offset():]
}

// dataHead reads what stands in front of the bytes of a segment.
func dataHead(content []byte, r *ops.Reader) ([]byte, error) {
	start := r.Offset()
	flags, err := r.U32()
	if err == nil && flags == 2 {
		_, err = r.U32()
	}
	if err != nil || flags == 1 {
		return content[start:r.Offset()], err
	}
	d := ops.NewDecoder(content[r.Offset():], r.Offset(), ops.All)
	if err := ops.SkipExpr(d); err != nil {
		return nil, err
	}
	r.Bytes(d.Offset() - r.Offset())
	return content[start:r.Offset()], nil
}
