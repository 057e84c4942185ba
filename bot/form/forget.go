package form

import "slices"

// Forget takes an answer back that its author has unsent: the whole of it, or one file. The talk stays where it is; what
// is then missing is asked before submission.
func Forget(f Form, s Session, field string, file int64) Session {
	a := s.Answers[field]
	if file != 0 {
		a.Files = slices.DeleteFunc(slices.Clone(a.Files), func(g File) bool { return g.ID == file })
	} else {
		a = Answer{}
	}
	return Replace(f, s, field, a)
}

// Replace puts what is left of an answer in its place, or takes it out if nothing is. The talk stays where it is.
func Replace(f Form, s Session, field string, left Answer) Session {
	if s.Ended() {
		return s
	}
	s = s.set(field, left)
	s.Revision++
	s.Changed = s.Revision
	return mend(f, s)
}
