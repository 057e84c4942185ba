package form

// The characters that Japanese numbers, amounts, dates and addresses are written with. They are notation to be read,
// not words for people, so they stand here, as code points, and not in a catalogue.
const (
	katakanaFirst = '\u30a1' // ァ
	katakanaLast  = '\u30f6' // ヶ
	kanaDistance  = 0x60     // between the katakana and the hiragana of a sound

	hyphens = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d\uff70" // ‐‑‒–—―−ー－ｰ

	touten    = "\u3001" // 、
	nakaguro  = "\u30fb" // ・
	separator = touten + ",;\n"

	kanjiDigits  = "\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d" // 〇一二三四五六七八九
	markTen      = '\u5341'                                                       // 十
	markHundred  = '\u767e'                                                       // 百
	markThousand = '\u5343'                                                       // 千
	markMan      = '\u4e07'                                                       // 万
	markOku      = '\u5104'                                                       // 億
	markCho      = '\u5146'                                                       // 兆

	markYen = "\u5186" // 円
	signYen = "\u00a5" // ¥

	markYear  = "\u5e74"       // 年
	markMonth = "\u6708"       // 月
	markDay   = "\u65e5"       // 日
	markFirst = "\u5143"       // 元, the first year of an era
	eraReiwa  = "\u4ee4\u548c" // 令和
	eraHeisei = "\u5e73\u6210" // 平成
	eraShowa  = "\u662d\u548c" // 昭和

	markPostal    = "\u3012"       // 〒
	markNumber    = "\u756a"       // 番, as in "number 3"
	markExtension = "\u5185\u7dda" // 内線
	markFullStop  = "\u3002"       // 。
	quoteOpen     = "\u300c"       // 「
	quoteClose    = "\u300d"       // 」
)

// about are the words before and after an amount that say it is not exact.
func about() (before, after []string) {
	return []string{
			"\u7d04",                   // 約
			"\u304a\u3088\u305d",       // およそ
			"\u304a\u304a\u3088\u305d", // おおよそ
			"\u3060\u3044\u305f\u3044", // だいたい
			"\u5927\u4f53",             // 大体
		}, []string{
			"\u7a0b\u5ea6",       // 程度
			"\u304f\u3089\u3044", // くらい
			"\u3050\u3089\u3044", // ぐらい
			"\u4f4d",             // 位
			"\u307b\u3069",       // ほど
			"\u524d\u5f8c",       // 前後
		}
}

// joiners stand between two choices, as a comma does: と, 及び, および, and.
func joiners() []string {
	return []string{"\u304a\u3088\u3073", "\u53ca\u3073", "\u3068", " and ", "&", "+"}
}
