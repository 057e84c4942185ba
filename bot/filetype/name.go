package filetype

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// nameMost is how many characters of a file's name are kept: what Slack shows, and any disk takes.
const nameMost = 100

// endings are those of the files that are taken, each with the ones that mean the same: a name with one of these is right.
var endings = map[string][]string{
	".pdf": nil, ".png": nil, ".gif": nil, ".webp": nil,
	".jpg": {".jpeg", ".jpe", ".jfif"}, ".heic": {".heif"},
	".doc": {".dot"}, ".xls": {".xlt"}, ".ppt": {".pps", ".pot"},
	".docx": {".dotx"}, ".xlsx": {".xltx"}, ".pptx": {".ppsx", ".potx"},
}

// others are endings of documents that are not taken, or not as such: of what is taken under such a name they are wrong.
var others = []string{".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".pptm", ".ppsm", ".potm", ".tif", ".tiff", ".bmp", ".avif"}

// dots are what people type for the dot before an ending.
const dots = ".．。｡﹒․"

// Clean is a file's name as it can be kept and shown anywhere: without characters that no database takes, that mean a
// folder, or that turn the letters around, and not too long. The ending of a document or picture is written as usual, however
// wide it was typed. A name that is nothing but an ending is none.
func Clean(name string) string {
	name = strings.TrimLeftFunc(strings.Map(kept, name), unicode.IsSpace)
	name = strings.TrimRightFunc(name, func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
	stem, ending := split(name)
	stem = strings.TrimSpace(stem)
	if most := nameMost - utf8.RuneCountInString(ending); utf8.RuneCountInString(stem) > most {
		stem = string([]rune(stem)[:most-1]) + "…"
	}
	if strings.Trim(stem, dots+"_ ") == "" {
		return ""
	}
	return stem + ending
}

// kept is a character of a name as it is kept; none if it is not.
func kept(r rune) rune {
	switch {
	case r == '/' || r == '\\':
		return '_'
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError, r&0xfffe == 0xfffe, unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return -1
	}
	return r
}

// Mend gives a name the ending that the content asks for: a wrong one is replaced, a missing one added, and one that means
// nothing here stays before it, as part of what its sender called it.
func Mend(name, ending string) string {
	stem, now := split(name)
	plain := strings.ToLower(now)
	switch {
	case plain == ending, slices.Contains(endings[ending], plain):
		return name
	case now == "":
		stem = strings.TrimRight(name, dots+" ")
	}
	if most := nameMost - len(ending); utf8.RuneCountInString(stem) > most {
		stem = string([]rune(stem)[:most-1]) + "…"
	}
	return stem + ending
}

// split cuts a name before the ending of a document or picture, which is given in plain letters; empty if it has none.
func split(name string) (stem, ending string) {
	at := strings.LastIndexAny(name, dots)
	if at < 0 {
		return name, ""
	}
	_, size := utf8.DecodeRuneInString(name[at:])
	typed := "." + strings.ReplaceAll(norm.NFKC.String(name[at+size:]), " ", "")
	if !isEnding(strings.ToLower(typed)) {
		return name, ""
	}
	return name[:at], typed
}

func isEnding(s string) bool {
	if _, ok := endings[s]; ok || slices.Contains(others, s) {
		return true
	}
	for _, same := range endings {
		if slices.Contains(same, s) {
			return true
		}
	}
	return false
}
