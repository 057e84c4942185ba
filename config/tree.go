package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// place is where something stands in the file. good means that it could be read as what it must be; only then do the
// later checks look at it, so that one mistake gives one fault.
type place struct {
	line, column int
	good         bool
}

// parse makes the tree of a YAML file; a fault here hides all others, since nothing can be read any more.
func parse(file string, content []byte) (ast.Node, Faults) {
	text := strings.TrimPrefix(string(content), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if at, bad := badByte(text); bad {
		return nil, Faults{{File: file, Line: at.line, Column: at.column, Wrong: "a byte that is no UTF-8",
			Want: "the file saved as UTF-8"}}
	}
	tree, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Faults{syntax(file, err)}
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, Faults{{File: file, Line: 1, Column: 1, Wrong: documents(filled(tree)),
			Want: "one document with the keys of a profile"}}
	}
	return tree.Docs[0].Body, nil
}

func syntax(file string, err error) Fault {
	f := Fault{File: file, Line: 1, Column: 1, Wrong: "this is no YAML: " + err.Error()}
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		at := placeOf(y.GetToken())
		f.Line, f.Column, f.Wrong = at.line, at.column, "this is no YAML: "+y.GetMessage()
	}
	return f
}

func filled(tree *ast.File) (n int) {
	for _, d := range tree.Docs {
		if d.Body != nil {
			n++
		}
	}
	return n
}

func documents(n int) string {
	if n == 0 {
		return "found nothing"
	}
	return fmt.Sprintf("found %d documents", n)
}

func badByte(text string) (place, bool) {
	line, column := 1, 1
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return place{line: line, column: column}, true
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	return place{}, false
}

func placeOf(t *token.Token) place {
	return place{line: t.Position.Line, column: t.Position.Column}
}

// startOf is where a node begins: for a group of keys its first key, not the colon that its token is.
func startOf(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return startOf(m.Values[0].Key)
	}
	if t := n.GetToken(); t != nil {
		return placeOf(t)
	}
	return place{line: 1, column: 1}
}

// textOf is the text of a node that is one.
func textOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), true
	}
	return "", false
}

// describe says what a node is, for a fault.
func describe(n ast.Node) string {
	if s, ok := textOf(n); ok {
		return quoted(s)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) == 0 {
			return "an empty group of keys"
		}
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return n.GetToken().Value
	}
	return "an anchor, alias or tag"
}

// quoted shortens what is long; it is only to be recognised.
func quoted(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
