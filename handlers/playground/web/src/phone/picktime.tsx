import { useState } from "react";
import { useSay } from "../texts";
import type { Json, LineAction } from "../wire";
import { labelOf } from "./act";

interface PickTimeProps {
  action: LineAction;
  answer: (params: Record<string, Json> | null) => void;
}

// PickTime is the phone's own sheet for a day, a time, or both.
export function PickTime({ action, answer }: PickTimeProps) {
  const say = useSay();
  const mode = action.mode === "time" || action.mode === "datetime" ? action.mode : "date";
  const [value, setValue] = useState(String(action.initial ?? "").replace("t", "T"));
  const type = mode === "datetime" ? "datetime-local" : mode;
  return (
    <div className="sheet-back">
      <form
        className="sheet"
        role="dialog"
        aria-label={labelOf(action)}
        onKeyDown={(event) => event.key === "Escape" && answer(null)}
        onSubmit={(event) => {
          event.preventDefault();
          if (value) answer({ [mode]: value });
        }}
      >
        <label>
          <span>{labelOf(action)}</span>
          <input
            type={type}
            value={value}
            min={action.min as string | undefined}
            max={action.max as string | undefined}
            autoFocus
            required
            data-testid="line-date"
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
        <div className="sheet-foot">
          <button type="button" onClick={() => answer(null)}>{say("cancel")}</button>
          <button type="submit" className="strong" data-testid="line-date-send">{say("send")}</button>
        </div>
      </form>
    </div>
  );
}
