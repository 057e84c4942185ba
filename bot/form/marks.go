package form

// The characters that Japanese numbers, amounts, dates and addresses are written with. They are notation to be read,
// not words for people, so they stand here, as code points, and not in a catalogue.
const (
	katakanaFirst = '\u30a1' // ァ
	katakanaLast  = '\u30f6' // ヶ
	kanaDistance  = 0x60     // between the katakana and the hiragana of a sound

	// ‐‑‒–—―−─━ー－ｰ﹘﹣˗⁃
	hyphens   = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30fc\uff0d\uff70\ufe58\ufe63\u02d7\u2043"
	longVowel = '\u30fc' // ー

	touten    = "\u3001" // 、
	nakaguro  = "\u30fb" // ・
	separator = touten + ",;\n"

	kanjiDigits  = "\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d" // 〇一二三四五六七八九
	kanjiZero    = "\u3007"                                                       // 〇
	kanjiOne     = '\u4e00'                                                       // 一
	markTen      = '\u5341'                                                       // 十
	markHundred  = '\u767e'                                                       // 百
	markThousand = '\u5343'                                                       // 千
	markMan      = '\u4e07'                                                       // 万
	markOku      = '\u5104'                                                       // 億
	markCho      = '\u5146'                                                       // 兆

	units = "\u5341\u767e\u5343\u4e07\u5104\u5146" // 十百千万億兆

	formalDigits = "\u96f6\u58f1\u5f10\u53c2\u62fe\u842c" // 零壱弐参拾萬, as on certificates
	plainDigits  = "\u3007\u4e00\u4e8c\u4e09\u5341\u4e07" // 〇一二三十万

	markOf    = "\u306e" // の
	markRank  = "\u4f4d" // 位
	minusSign = '\u2212' // −

	markYear  = "\u5e74"       // 年
	markMonth = "\u6708"       // 月
	markDay   = "\u65e5"       // 日
	markFirst = "\u5143"       // 元, the first year of an era
	eraReiwa  = "\u4ee4\u548c" // 令和
	eraHeisei = "\u5e73\u6210" // 平成
	eraShowa  = "\u662d\u548c" // 昭和

	markFullStop = "\u3002"                                     // 。
	weekdays     = "\u65e5\u6708\u706b\u6c34\u6728\u91d1\u571f" // 日月火水木金土
	markWeekday  = "\u66dc"                                     // 曜
	ellipsis     = "\u2026"                                     // …
	particles    = "\u3068\u3084\u306e"                         // とやの, between two words
	negations    = "\u4e0d\u672a\u975e\u7121"                   // 不未非無
	quoteOpen    = "\u300c"                                     // 「
	quoteClose   = "\u300d"                                     // 」
)

// joiners stand between two choices, as a comma does: と, 及び, および, and.
func joiners() []string {
	return []string{"\u304a\u3088\u3073", "\u53ca\u3073", "\u3068", " and ", "&", "+"}
}
