package form

// Level is how few may read an answer. Words never move to a level at which more people read them.
type Level string

// The levels, from the one that most people read on.
const (
	LevelOpen      Level = ""          // every department that is asked
	LevelProtected Level = "protected" // the desk and the departments it has cleared
	LevelPrivate   Level = "private"   // personal
)

// Level is the level of the answers to the field.
func (f Field) Level() Level {
	switch {
	case f.Private:
		return LevelPrivate
	case f.Protected:
		return LevelProtected
	}
	return LevelOpen
}

// Covers reports whether words of another level may stand at this one.
func (l Level) Covers(other Level) bool { return l.rank() >= other.rank() }

// Stricter is the stricter of two levels.
func (l Level) Stricter(other Level) Level {
	if l.Covers(other) {
		return l
	}
	return other
}

// rank takes a level that it does not know for the strictest.
func (l Level) rank() int {
	switch l {
	case LevelOpen:
		return 0
	case LevelProtected:
		return 1
	}
	return 2
}

// levels are those of a form's fields, but for the open ones.
func levels(f Form) map[string]Level {
	var all map[string]Level
	for _, field := range f.Fields {
		if field.Level() == LevelOpen {
			continue
		}
		if all == nil {
			all = map[string]Level{}
		}
		all[field.ID] = field.Level()
	}
	return all
}
