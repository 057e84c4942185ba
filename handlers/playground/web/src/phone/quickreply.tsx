import { useSay } from "../texts";
import type { ChatEntry } from "../wire";
import { labelOf, useAct } from "./act";

// QuickReplies are the buttons under the newest message; they go once anything is said.
export function QuickReplies({ entry }: { entry: ChatEntry }) {
  const say = useSay();
  const act = useAct();
  const items = entry.from === "desk" ? (entry.message?.quickReply?.items ?? []) : [];
  if (items.length === 0) return null;
  return (
    <div className="quick" role="group" aria-label={say("phone.quick")}>
      {items.map((item, i) => (
        <button key={i} type="button" className="quick-item" data-testid="quick-reply" onClick={() => act(item.action)}>
          {labelOf(item.action)}
        </button>
      ))}
    </div>
  );
}
