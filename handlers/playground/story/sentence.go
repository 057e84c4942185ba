package story

import (
	"bytes"
	_ "embed" // the forms of sentences
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed ja.yaml
var forms []byte

// language is how stories are written: the forms of their sentences and the words about them.
type language struct {
	Continues string            `yaml:"continues"`
	Sentences []form            `yaml:"sentences"`
	Phone     phoneWords        `yaml:"phone"`
	Faults    map[string]string `yaml:"faults"`

	continues *regexp.Regexp
	question  *regexp.Regexp
}

// form is one form of sentence and what it makes happen.
type form struct {
	Do   string `yaml:"do"`
	Say  string `yaml:"say"`
	List bool   `yaml:"list"` // lines of name and answer follow

	pattern *regexp.Regexp
}

// phoneWords are what the answerer looks for on a phone.
type phoneWords struct {
	Question  string `yaml:"question"`
	Summary   string `yaml:"summary"`
	Next      string `yaml:"next"`
	Submit    string `yaml:"submit"`
	Propose   string `yaml:"propose"`
	Separator string `yaml:"separator"`
}

// readLanguage reads the forms that are built in; only a broken build can fail.
func readLanguage() (*language, error) {
	var l language
	if err := yaml.NewDecoder(bytes.NewReader(forms), yaml.Strict()).Decode(&l); err != nil {
		return nil, fmt.Errorf("read the forms of sentences: %w", err)
	}
	var err error
	if l.continues, err = pattern(l.Continues); err != nil {
		return nil, err
	}
	if l.question, err = regexp.Compile(l.Phone.Question); err != nil {
		return nil, fmt.Errorf("read the form of questions: %w", err)
	}
	for i := range l.Sentences {
		if l.Sentences[i].pattern, err = pattern(l.Sentences[i].Say); err != nil {
			return nil, err
		}
	}
	return &l, nil
}

// pattern makes an expression of a form: blanks may be left out or doubled, a name ends before a bracket, and what is
// quoted holds no bracket.
func pattern(say string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString(`^`)
	for rest := say; rest != ""; {
		literal, slot, found := strings.Cut(rest, "{")
		b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(literal), " ", `[ 　]*`))
		if !found {
			break
		}
		name, after, _ := strings.Cut(slot, "}")
		b.WriteString(slotPattern(name))
		rest = after
	}
	b.WriteString(`$`)
	p, err := regexp.Compile(b.String())
	if err != nil {
		return nil, fmt.Errorf("read the form of sentence %q: %w", say, err)
	}
	return p, nil
}

func slotPattern(name string) string {
	if name == "n" {
		return `(?P<n>[0-9０-９]+)`
	}
	return `(?P<` + name + `>[^「」]+?)`
}

// read finds the form of a sentence and what stands in it.
func (l *language) read(sentence string) (form, map[string]string, bool) {
	for _, f := range l.Sentences {
		if args, ok := match(f.pattern, sentence); ok {
			return f, args, true
		}
	}
	return form{}, nil, false
}

func match(p *regexp.Regexp, sentence string) (map[string]string, bool) {
	found := p.FindStringSubmatch(sentence)
	if found == nil {
		return nil, false
	}
	args := map[string]string{}
	for i, name := range p.SubexpNames() {
		if name != "" {
			args[name] = strings.Trim(found[i], " 　")
		}
	}
	return args, true
}

// say words a fault; args are pairs of name and value.
func (l *language) say(key string, args ...string) string {
	words := l.Faults[key]
	for i := 0; i+1 < len(args); i += 2 {
		words = strings.ReplaceAll(words, "{"+args[i]+"}", args[i+1])
	}
	return words
}
