package form

func (t *turn) help() {
	p := Current(t.form, t.s)
	t.say("form.help." + string(p.Kind))
	if p.Kind == PromptQuestion {
		t.example(p.Field)
	}
}

// example says how an answer may look, where the kind has one.
func (t *turn) example(field Field) {
	if l := Example(field); !l.Empty() {
		t.out.Say = append(t.out.Say, l)
	}
}

func (t *turn) pause() {
	if t.s.Stage == StagePaused {
		return
	}
	t.s.Stage = StagePaused
	t.out.Event = Paused
}

// resume goes on where the talk stood before it was paused or nearly cancelled.
func (t *turn) resume() {
	switch t.s.Stage {
	case StagePaused:
		t.out.Event = Resumed
	case StageConfirmCancel:
	default:
		return
	}
	t.s.Stage = StageAsking
	if t.s.Cursor == "" {
		t.s = summarize(t.s)
	}
}

// confirmCancel counts only where the question was asked, and about what was shown.
func (t *turn) confirmCancel(in Input) {
	if t.outdated(in) {
		t.say("form.changed")
		return
	}
	if t.s.Stage != StageConfirmCancel {
		t.s.Stage = StageConfirmCancel
		return
	}
	t.s.Stage = StageCancelled
	t.out.Event = Cancelled
}

// outdated reports whether a button was made before the answers last changed.
func (t *turn) outdated(in Input) bool { return in.Revision > 0 && in.Revision < t.s.Changed }

// submit counts where the summary stands, or by a button of a summary whose answers are still the same.
func (t *turn) submit(in Input) {
	pressed := in.Revision > 0
	open := pending(t.form, t.s)
	switch {
	case t.outdated(in):
		t.say("form.changed")
		t.s = home(t.form, t.s)
	case !pressed && t.s.Stage != StageSummary:
		t.say("form.submit.not_yet")
	case len(open) > 0:
		t.say("form.submit.missing", "fields", names(open))
		t.s = home(t.form, t.s)
	default:
		t.s = summarize(t.s)
		t.s.Stage = StageSubmitted
		t.out.Event = Submitted
	}
}

// edit asks one question again, out of turn.
func (t *turn) edit(in Input) {
	if position(asked(t.form, t.s.Answers), in.Field) < 0 {
		t.say("form.edit.unknown")
		return
	}
	t.resume()
	t.leave()
	t.s = ask(t.s, in.Field)
	t.s.Editing = true
}

// leave ends a change made from the summary: what was chosen so far counts, also if that is nothing.
func (t *turn) leave() {
	field, known := t.form.Field(t.s.Cursor)
	if !t.s.Editing || !known {
		return
	}
	t.close(field)
	if a := t.s.Answers[field.ID]; field.Optional && a.Empty() && !a.Skipped {
		t.s = t.s.set(field.ID, Answer{Skipped: true})
	}
}

// close makes choices or files given so far the answer.
func (t *turn) close(field Field) {
	a := t.s.Answers[field.ID]
	if !a.Open {
		return
	}
	a.Open = false
	t.s = t.s.set(field.ID, a)
}

// atSummary takes what concerns a question while none is asked.
func (t *turn) atSummary(in Input) {
	fields := asked(t.form, t.s.Answers)
	switch {
	case in.Field != "":
		t.say("form.stale")
	case in.Do == DoAnswer && in.File.ID != 0:
		t.fileElsewhere(in.File)
	case in.Do == DoBack && len(fields) > 0:
		t.s = ask(t.s, fields[len(fields)-1].ID)
	case in.Do == DoDone && len(pending(t.form, t.s)) > 0:
		t.s = home(t.form, t.s)
	default:
		t.say("form.summary.choose")
	}
}

func (t *turn) atQuestion(in Input) {
	if t.stale(in) {
		t.sayStale(in.Field)
		return
	}
	field, _ := t.form.Field(t.s.Cursor)
	switch in.Do {
	case DoAnswer:
		t.answer(field, in)
	case DoDone:
		t.done(field)
	case DoSkip:
		t.skip(field)
	case DoClear:
		t.clear(field, in)
	case DoBack:
		t.back()
	default:
		t.say("form.unclear")
	}
}

// stale reports whether a button belongs to another question than the current one. A button that names its question
// may be older than the last change: picking several choices quickly from one message is fine.
func (t *turn) stale(in Input) bool {
	if in.Field != "" {
		return in.Field != t.s.Cursor
	}
	return in.Revision > 0 && in.Revision != t.s.Revision
}

func (t *turn) sayStale(field string) {
	if t.s.Answers[field].Empty() {
		t.say("form.stale")
		return
	}
	t.say("form.late")
}

// back goes to the question before, or from a change back to the summary. No answer is lost and none can stop it.
func (t *turn) back() {
	if t.s.Editing {
		t.leave()
		t.s = summarize(t.s)
		return
	}
	fields := asked(t.form, t.s.Answers)
	i := position(fields, t.s.Cursor)
	if i <= 0 {
		t.say("form.back.first")
		return
	}
	t.s = ask(t.s, fields[i-1].ID)
}

// done goes on with what was given; where nothing was, it says so or skips.
func (t *turn) done(field Field) {
	a := t.s.Answers[field.ID]
	impossible := early(t.form, field, t.s.Answers)
	switch {
	case len(impossible) > 0:
		t.out.Say = append(t.out.Say, impossible...)
	case !a.Empty():
		t.close(field)
		t.next()
	case field.Optional:
		t.skip(field)
	case field.Kind == MultiChoice:
		t.say("form.done.no_choice")
	case field.Kind == Files:
		t.say("form.done.no_file")
	default:
		t.say("form.done.no_answer")
	}
}

// skip passes an optional question over. What was answered stays; taking it back is clear.
func (t *turn) skip(field Field) {
	a := t.s.Answers[field.ID]
	switch {
	case len(early(t.form, field, t.s.Answers)) > 0 && field.Optional:
		t.s = t.s.set(field.ID, Answer{Skipped: true})
		t.advance()
		return
	case !a.Empty():
		t.say("form.skip.kept")
		t.close(field)
	case field.Optional:
		t.s = t.s.set(field.ID, Answer{Skipped: true})
	default:
		t.say("form.skip.required")
		t.example(field)
		return
	}
	t.next()
}

// clear takes back what was given here, as the button's screen had it. A required text has to be replaced instead, so that
// it is not lost by a slip.
func (t *turn) clear(field Field, in Input) {
	several := field.Kind == MultiChoice || field.Kind == Files
	switch {
	case t.outdated(in):
		t.say("form.changed")
	case t.s.Answers[field.ID].Empty():
		t.say("form.clear.nothing")
	case several:
		t.s = t.s.set(field.ID, Answer{})
		t.say("form.clear.done")
	case field.Optional:
		t.s = t.s.set(field.ID, Answer{Skipped: true})
		t.say("form.clear.done")
		t.next()
	default:
		t.say("form.clear.required")
	}
}

// next goes to the question after this one, or back to the summary after a change.
func (t *turn) next() {
	fields := asked(t.form, t.s.Answers)
	i := position(fields, t.s.Cursor)
	if t.s.Editing || i < 0 || i+1 >= len(fields) {
		t.s = home(t.form, t.s)
		return
	}
	t.s = ask(t.s, fields[i+1].ID)
}

// advance goes to the next question without an answer: whoever went back to correct one need not pass the others again.
func (t *turn) advance() {
	fields := asked(t.form, t.s.Answers)
	for _, field := range fields[position(fields, t.s.Cursor)+1:] {
		if needs(t.form, field, t.s.Answers) {
			t.s = ask(t.s, field.ID)
			return
		}
	}
	t.s = home(t.form, t.s)
}
