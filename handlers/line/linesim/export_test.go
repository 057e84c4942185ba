package linesim

// Graphemes lets tests count characters.
func Graphemes(s string) int { return graphemes(s) }
