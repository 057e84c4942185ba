package config

import "reflect"

// What the test of the documentation needs to see of the tables.

// WordsOf says what a key of the profile must hold.
func WordsOf(f reflect.StructField) string { return wordsOf(f) }

// RuleOf says what a setting must be, in words and by an example.
func RuleOf(name string) (want, example string) { r := ruleOf(name); return r.want, r.example }

// Nearest is nearest.
func Nearest(word string, candidates []string) string { return nearest(word, candidates) }
