package story

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Cast is who plays in the stories of one desk, where they stand, and how they answer questions that a story does not
// care about.
type Cast struct {
	Begins    string   `yaml:"begins"`    // the desk's time when the first story begins, RFC 3339
	Workspace string   `yaml:"workspace"` // name of the Slack workspace
	Bot       string   `yaml:"bot"`       // name of the app in Slack
	Desk      string   `yaml:"desk"`      // what stories call the desk's channel
	Title     string   `yaml:"title"`     // words of the question that asks for a proposal's title
	Stories   []string `yaml:"stories"`   // ids of the stories that these people play
	People    []Person `yaml:"people"`
	Staff     []Member `yaml:"staff"`
	Answers   []Answer `yaml:"answers"`

	// Manager and Colleague are what those are called whom only the profile knows, at a desk without stories; {department}
	// stands for the department's name.
	Manager   string `yaml:"manager"`
	Colleague string `yaml:"colleague"`

	// Rooms are Slack channel ids by what stories call them; whoever reads the cast fills them from the profile.
	Rooms map[string]string `yaml:"-"`
}

// Person is somebody with a phone.
type Person struct {
	Name         string `yaml:"name"`  // what stories call them
	Shown        string `yaml:"shown"` // their name on LINE
	Organization string `yaml:"organization"`
}

// Member is somebody in the Slack workspace.
type Member struct {
	Name     string   `yaml:"name"` // what stories call them, and their name in Slack
	ID       string   `yaml:"id"`
	Role     string   `yaml:"role"`     // in a few words
	Standing string   `yaml:"standing"` // guest or outsider; empty: an ordinary member
	Rooms    []string `yaml:"rooms"`    // the channels they are in, as stories call them; the first is where they type commands
}

// Answer is what somebody answers to a question in which certain words occur.
type Answer struct {
	Asked  string `yaml:"asked"`
	Answer string `yaml:"answer"`
}

// ReadCast reads a cast; unknown keys are faults.
func ReadCast(raw []byte) (Cast, error) {
	var c Cast
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&c); err != nil {
		return c, fmt.Errorf("read the cast: %w", err)
	}
	return c, nil
}

func (c Cast) person(name string) (Person, bool) {
	at := slices.IndexFunc(c.People, func(p Person) bool { return p.Name == name })
	if at < 0 {
		return Person{}, false
	}
	return c.People[at], true
}

func (c Cast) member(name string) (Member, bool) {
	at := slices.IndexFunc(c.Staff, func(m Member) bool { return m.Name == name })
	if at < 0 {
		return Member{}, false
	}
	return c.Staff[at], true
}

// answer finds what is answered to a question: the longest words that occur in it decide, since they say most.
func answer(all []Answer, question string) (Answer, bool) {
	var best Answer
	for _, a := range all {
		if strings.Contains(question, a.Asked) && len(a.Asked) > len(best.Asked) {
			best = a
		}
	}
	return best, best.Asked != ""
}

// Fits tells whether everybody and every room of a story is in the cast; the error joins all that are missing.
func (c Cast) Fits(s *Story) error {
	for _, one := range s.Chain() {
		if err := one.fits(c); err != nil {
			return err
		}
	}
	return nil
}

// Plays reports whether the cast names the story among those that it plays.
func (c Cast) Plays(s *Story) bool { return slices.Contains(c.Stories, s.ID) }
