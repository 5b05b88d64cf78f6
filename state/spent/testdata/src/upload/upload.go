// Package upload sends files in parts.
package upload

import "io"

// Session is an upload under way. Commit or Abort ends it.
//
//spent:linear
type Session struct {
	w    io.Writer
	size int64
	done bool
}

// Begin starts an upload.
//
//spent:must
func Begin(w io.Writer, name string) (*Session, error) {
	_, err := io.WriteString(w, name)
	if err != nil {
		return nil, err
	}
	return &Session{w: w}, nil
}

// Resume starts an upload again where a ticket says.
//
//spent:param t
//spent:unless-error
//spent:must
func Resume(w io.Writer, t Ticket) (*Session, error) {
	return &Session{w: w, size: t.size}, nil
}

// Ticket is the right to resume one upload once.
type Ticket struct{ size int64 }

// Write sends a part.
func (s *Session) Write(p []byte) (int, error) { return s.w.Write(p) }

// Size is what was sent; it may be asked at any time.
//
//spent:safe
func (s *Session) Size() int64 { return s.size }

// Suspend ends the session; the ticket resumes it.
//
//spent:receiver
//spent:must
func (s *Session) Suspend() Ticket { s.done = true; return Ticket{s.size} }

// Commit ends the upload. A failed Commit may be tried again.
//
//spent:receiver
//spent:unless-error
//spent:must
func (s *Session) Commit() error { s.done = true; return nil }

// Abort gives up the upload. After Commit it does nothing.
//
//spent:receiver
//spent:safe
func (s *Session) Abort() {
	if !s.done {
		s.done = true
	}
}
