package config

import (
	"fmt"
	"reflect"
	"strings"
)

// The keys of a profile are the fields of its structs; these functions read them and their tags.

// names lists the keys of a group in their order.
func names(t reflect.Type) []string {
	var all []string
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// fieldOf finds the field of a key in a group.
func fieldOf(v reflect.Value, name string) (reflect.StructField, reflect.Value, bool) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); name != "" && f.Tag.Get("yaml") == name {
			return f, v.Field(i), true
		}
	}
	return reflect.StructField{}, reflect.Value{}, false
}

// wordsOf says what a key must hold.
func wordsOf(f reflect.StructField) string {
	switch f.Type.Kind() {
	case reflect.Struct:
		return "a group of the keys " + strings.Join(names(f.Type), ", ")
	case reflect.Slice:
		return wordsOfList(f)
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		var low, high int
		_, _ = fmt.Sscanf(f.Tag.Get("is"), "number %d %d", &low, &high) // the tag is ours
		return fmt.Sprintf("a whole number from %d to %d", low, high)
	}
	return valueOf(f.Tag.Get("is")).words
}

func wordsOfList(f reflect.StructField) string {
	least := f.Tag.Get("least")
	if least == "" {
		least = "0"
	}
	each := valueOf(f.Tag.Get("is")).words
	if f.Type.Elem().Kind() == reflect.Struct {
		each = "a group of the keys " + strings.Join(names(f.Type.Elem()), ", ")
	}
	return fmt.Sprintf("a list of %s to %s, each %s", least, f.Tag.Get("most"), each)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
