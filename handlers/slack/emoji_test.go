package slack

import "testing"

func TestUnnamed(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ありがとうございます :bow:":              "ありがとうございます 🙇",
		"ありがとうございます:bow:。":              "ありがとうございます🙇。",
		"Thanks:bow:":                   "Thanks🙇",
		":bow::bow: :+1::thumbsup:":     "🙇🙇 👍👍",
		":bow::skin-tone-2:":            "🙇🏻",
		":point_up::skin-tone-6: です":    "☝🏿 です",
		":man-bowing::skin-tone-3:":     "🙇🏼\u200d♂️",
		":tada::skin-tone-2:":           "🎉",
		":heart:":                       "❤️",
		":flag-jp::jp:":                 "🇯🇵🇯🇵",
		":100:点です":                      "💯点です",
		"10:30:00 から":                   "10:30:00 から",
		"縮尺は1:100:5":                    "縮尺は1:100:5",
		"1:100:":                        "1:100:",
		"key:link:value":                "key:link:value",
		"urn:x:y":                       "urn:x:y",
		"aa:bb:cc:dd":                   "aa:bb:cc:dd",
		":danjiri: と :x-y:":             ":danjiri: と :x-y:",
		":danjiri:bow:":                 ":danjiri🙇",
		"https://city.example:8080/a:b": "https://city.example:8080/a:b",
		"::bow::":                       ":🙇:",
		":":                             ":",
		"":                              "",
	} {
		if got := unnamed(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
	if n := len(emojis()); n < 1900 {
		t.Errorf("%d names are known", n)
	}
	for name, e := range emojis() {
		if e.letters == "" || unnamed(":"+name+":") != e.letters {
			t.Errorf("%s is %q", name, unnamed(":"+name+":"))
		}
	}
}
