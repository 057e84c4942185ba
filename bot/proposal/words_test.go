package proposal_test

// words are what Japanese readers of the page see, by catalogue key.
func words(key string) string {
	return map[string]string{
		"state.received": "受付", "state.screening": "確認中", "state.coordinating": "庁内照会中", "state.in_dialogue": "対話中",
		"state.preparing": "実施準備中", "state.in_progress": "実施中", "state.completed": "実施済", "state.reported": "報告済",
		"state.on_hold": "保留", "state.declined": "見送り", "state.out_of_scope": "対象外", "state.withdrawn": "取下げ",
		"state.handed_off": "他機関へ引継ぎ",

		"event.submitted": "提出", "event.taken": "担当", "event.assigned": "担当変更", "event.asked": "照会",
		"event.forwarded": "他課へ転送", "event.answered": "回答", "event.dialogue_opened": "対話開始", "event.written": "団体から連絡",
		"event.replied": "団体へ返信", "event.prepared": "実施準備開始", "event.started": "実施開始", "event.completed": "実施完了",
		"event.reported": "実施報告", "event.returned": "前の段階へ戻す", "event.held": "保留", "event.resumed": "保留解除",
		"event.declined": "見送り", "event.ruled_out": "対象外", "event.handed_off": "他機関へ引継ぎ", "event.withdrawn": "取下げ",
		"event.reopened": "再開",
	}[key]
}
