package uploads

import (
	"errors"
	"io"
	"os"

	"upload"
)

func send(w io.Writer, parts [][]byte) error {
	s, err := upload.Begin(w, "a")
	if err != nil {
		return err
	}
	defer s.Abort()
	for _, p := range parts {
		if _, err := s.Write(p); err != nil {
			return err
		}
	}
	return s.Commit()
}

func commitUntilItWorks(s *upload.Session, tries int) error {
	var err error
	for range tries {
		if err = s.Commit(); err == nil {
			return nil
		}
	}
	s.Abort()
	return err
}

func suspended(w io.Writer, t upload.Ticket) (upload.Ticket, error) {
	s, err := upload.Resume(w, t)
	if err != nil {
		return t, err
	}
	if _, err := s.Write(nil); err != nil {
		s.Abort()
		return upload.Ticket{}, err
	}
	return s.Suspend(), nil
}

func reopened(w io.Writer, names []string) error {
	var s *upload.Session
	for _, name := range names {
		if s != nil {
			if err := s.Commit(); err != nil {
				s.Abort()
				return err
			}
		}
		var err error
		if s, err = upload.Begin(w, name); err != nil {
			return err
		}
	}
	if s != nil {
		s.Abort()
	}
	return nil
}

func copied(w io.Writer, r io.Reader) (int64, error) {
	s, err := upload.Begin(w, "copy")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(s, r); err != nil {
		s.Abort()
		return s.Size(), err
	}
	return s.Size(), s.Commit()
}

func twoWriters(v, w io.Writer) error {
	a, err := upload.Begin(v, "a")
	if err != nil {
		return err
	}
	b, err := upload.Begin(w, "b")
	if err != nil {
		a.Abort()
		return err
	}
	return errors.Join(a.Commit(), b.Commit())
}

func byValue(w io.Writer) {
	var s upload.Session
	s.Abort()
	s = upload.Session{}
	_, _ = s.Write(nil)
	s.Abort()
}

func writeAfterCommit(s *upload.Session) error {
	if err := s.Commit(); err != nil {
		return err
	}
	_, err := s.Write(nil) // want `s was spent by Commit at uploads.go:\d+; it must not be used again`
	return err
}

func commitTwice(s *upload.Session) error {
	if err := s.Commit(); err != nil {
		return err
	}
	return s.Commit() // want `s was spent by Commit`
}

func writeAfterAbort(s *upload.Session) {
	s.Abort()
	_, _ = s.Write(nil) // want `s was spent by Abort`
}

func copyAfterAbort(s *upload.Session, r io.Reader) {
	s.Abort()
	_, _ = io.Copy(s, r) // want `s was spent by Abort`
}

func leaked(w io.Writer) error {
	s, err := upload.Begin(w, "a") // want `the handle that Begin returned is dropped: the return at uploads.go:\d+ is reached without Suspend or Commit or Abort`
	if err != nil {
		return err
	}
	if _, err := s.Write(nil); err != nil {
		return err
	}
	return s.Commit()
}

func resumedTwice(w io.Writer, t upload.Ticket) error {
	s, err := upload.Resume(w, t)
	if err != nil {
		return err
	}
	defer s.Abort()
	v, err := upload.Resume(w, t) // want `t was spent by Resume at uploads.go:\d+; use the handle that Resume returned`
	if err != nil {
		return err
	}
	v.Abort()
	return nil
}

func ticketLost(s *upload.Session) {
	s.Suspend() // want `the result of s.Suspend is ignored: the handle that it returns is lost`
}

func commitUnchecked(s *upload.Session) {
	s.Commit() // want `the result of s.Commit is ignored`
}

func valueTwice() {
	var s upload.Session
	s.Abort()
	_, _ = s.Write(nil) // want `s was spent by Abort`
}

func exitedInstead(w io.Writer) {
	s, err := upload.Begin(w, "a")
	if err != nil {
		os.Exit(1)
	}
	_, _ = s.Write(nil)
	os.Exit(0)
}
