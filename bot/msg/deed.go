package msg

// Deed is one thing that people can do by a press, on either platform, and what undoes it. A screen is over when what it is
// about has moved on, when a later screen of that talk has asked something else, or some time after it was shown; a press on
// it opens at most its question again. Tests hold this table against the code, and press everything in it on screens that are
// over.
type Deed struct {
	On   string // "line" or "slack"
	Do   string // of the Press
	Part string // of several deeds with one Do: the form's verb, the command's name, "submit" of a modal; else empty
	Undo string // what undoes it; Opens if there is nothing to undo; empty: nothing does
	// Fresh deeds count only from a screen that is not over. All are that cannot be undone, or not for ever.
	Fresh bool
}

// Opens is the Undo of what only shows or asks something.
const Opens = "opens"

// Deeds is the table of all presses.
func Deeds() []Deed {
	const line, slack = "line", "slack"
	return []Deed{
		// LINE: a form. What profile rules turn away by an answer counts from the newest screen alone.
		{On: line, Do: "form", Part: "answer", Undo: "back", Fresh: true},
		{On: line, Do: "form", Part: "done", Undo: "back", Fresh: true},
		{On: line, Do: "form", Part: "skip", Undo: "back", Fresh: true},
		{On: line, Do: "form", Part: "clear", Fresh: true},
		{On: line, Do: "form", Part: "back", Undo: Opens},
		{On: line, Do: "form", Part: "edit", Undo: Opens},
		{On: line, Do: "form", Part: "pause", Undo: "resume"},
		{On: line, Do: "form", Part: "resume", Undo: "pause"},
		{On: line, Do: "form", Part: "cancel", Undo: Opens},
		{On: line, Do: "form", Part: "keep", Undo: Opens},
		{On: line, Do: "form", Part: "help", Undo: Opens},
		{On: line, Do: "form", Part: "confirm_cancel", Fresh: true},
		{On: line, Do: "form", Part: "submit", Fresh: true},

		// LINE: beside the forms.
		{On: line, Do: "menu.propose", Undo: "cancel"},
		{On: line, Do: "menu.consult", Undo: "cancel"},
		{On: line, Do: "menu.propose", Part: "new", Fresh: true},
		{On: line, Do: "menu.consult", Part: "new", Fresh: true},
		{On: line, Do: "menu.status", Undo: Opens},
		{On: line, Do: "menu.help", Undo: Opens},
		{On: line, Do: "menu.withdraw", Undo: Opens},
		{On: line, Do: "which", Fresh: true},
		{On: line, Do: "about", Undo: Opens},
		{On: line, Do: "words", Part: "answer", Fresh: true},
		{On: line, Do: "words", Part: "send", Fresh: true},
		{On: line, Do: "words", Part: "drop", Fresh: true},
		{On: line, Do: "words", Part: "apart", Undo: "words, answer"},
		{On: line, Do: "withdraw", Undo: Opens},
		{On: line, Do: "withdraw.yes", Undo: "withdraw.undo, for a day", Fresh: true},
		{On: line, Do: "withdraw.no", Undo: Opens},
		{On: line, Do: "withdraw.undo", Undo: "withdraw.yes", Fresh: true},

		// Slack: cards.
		{On: slack, Do: "proposal.take", Undo: "proposal.assign"},
		{On: slack, Do: "proposal.assign", Undo: Opens},
		{On: slack, Do: "proposal.refer", Undo: Opens},
		{On: slack, Do: "proposal.forward", Fresh: true},
		{On: slack, Do: "proposal.reply", Undo: Opens},
		{On: slack, Do: "proposal.waive", Fresh: true},
		{On: slack, Do: "proposal.decline", Undo: Opens},
		{On: slack, Do: "proposal.move", Undo: Opens},
		{On: slack, Do: "proposal.details", Undo: Opens},
		{On: slack, Do: "verdict", Undo: Opens},
		{On: slack, Do: "message.file", Fresh: true},
		{On: slack, Do: "message.choose", Undo: Opens},
		{On: slack, Do: "delivery.release", Fresh: true},
		{On: slack, Do: "delivery.drop", Fresh: true},

		// Slack: modals. A preview keeps the words and sends nothing.
		{On: slack, Do: "proposal.assign", Part: "submit", Undo: "proposal.assign"},
		{On: slack, Do: "proposal.refer", Part: "submit", Fresh: true},
		{On: slack, Do: "proposal.reply", Part: "submit", Undo: Opens},
		{On: slack, Do: "proposal.decline", Part: "submit", Undo: Opens},
		{On: slack, Do: "proposal.send", Part: "submit", Fresh: true},
		{On: slack, Do: "proposal.move", Part: "submit", Fresh: true},
		{On: slack, Do: "verdict", Part: "submit", Undo: "verdict"},
		{On: slack, Do: "message.choose", Part: "submit", Fresh: true},
		{On: slack, Do: "delivery.release", Part: "submit", Fresh: true},
		{On: slack, Do: "delivery.drop", Part: "submit", Fresh: true},

		// Slack: buttons that stand for a command.
		{On: slack, Do: "desk.run", Part: "home", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "list", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "show", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "forward", Fresh: true},
		{On: slack, Do: "desk.run", Part: "assign", Undo: "assign"},
		{On: slack, Do: "desk.run", Part: "reply", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "noreply", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "state", Fresh: true},
		{On: slack, Do: "desk.run", Part: "search", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "dead", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "help", Undo: Opens},
		{On: slack, Do: "desk.run", Part: "version", Undo: Opens},
	}
}
