package desk_test

import (
	"slices"
	"testing"

	"tsunagi/bot"
)

// What a department was asked that the profile no longer has can still be listed and shown; asked it can not be.
func TestFormer_department(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "ja")
	o.submit("見守り弁当", "welfare")
	o.say(sato(), "forward 1 福祉政策課 健康推進課")
	o.desk.Departments = slices.DeleteFunc(slices.Clone(o.desk.Departments), func(d bot.Department) bool { return d.ID == "welfare" })
	for _, line := range []string{"", "list", "list 庁内照会中", "show 1", "search 見守り", "dead", "forward 1 子育て支援課"} {
		has(t, o.say(sato(), line))
	}
	has(t, o.say(sato(), "show 1"), "welfare（現在の設定にない課）", "回答を得られません")
	o.desk.Former = []bot.Department{{ID: "welfare", Name: "福祉政策課", Channel: "C0WELFARE"}}
	has(t, o.say(sato(), "show 1"), "福祉政策課（現在の設定にない課）")
	for _, line := range []string{"list 福祉政策課", "list department:welfare"} {
		has(t, o.say(sato(), line), "福祉政策課（現在の設定にない課）に照会した案件", "見守り弁当")
	}
	has(t, o.say(sato(), "forward 1 福祉政策課"), "「福祉政策課」という課はありません")
	has(t, o.say(health(), "list"), "見守り弁当")
	if got := o.say(sato(), "forward 1"); len(buttons(got)) > 0 {
		hasNot(t, got, "福祉政策課")
	}
}
