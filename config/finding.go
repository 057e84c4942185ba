package config

// Finding is one thing that the check command has looked at: what it was and, unless all is well, what is wrong and what
// to do about it. It is for the person who installs Tsunagi.
type Finding struct {
	What   string // for example "LINE: webhook address"
	OK     bool
	Fault  string // what is wrong; never a secret
	Remedy string // what to do about it
}

// Well is the finding that something is as it should be.
func Well(what string) Finding { return Finding{What: what, OK: true} }

// Wrong is the finding that something is not as it should be.
func Wrong(what, fault, remedy string) Finding {
	return Finding{What: what, Fault: fault, Remedy: remedy}
}
