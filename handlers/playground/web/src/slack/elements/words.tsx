import type { ElementState } from "../../wire";
import { placeholder, type Place } from "./form";

const types: Record<string, string> = { email_text_input: "email", url_text_input: "url", number_input: "text" };

interface WordsProps extends Place {
  press: (state: ElementState) => void;
}

// Words is a line or a field of text; with a greatest length it shows how much is left.
export function Words({ press, ...place }: WordsProps) {
  const { element, state } = place;
  const value = String(state.value ?? "");
  const max = element.max_length as number | undefined;
  const common = {
    id: place.id,
    value,
    className: "bk-input",
    placeholder: placeholder(element),
    autoFocus: element.focus_on_load === true,
    "aria-invalid": place.invalid,
    "aria-describedby": place.describedBy,
    "data-testid": `slack-input-${element.action_id ?? ""}`,
  };
  const change = (text: string) => place.change({ type: element.type, value: text === "" ? null : text });
  const on = element.dispatch_action_config?.trigger_actions_on as string[] | undefined;
  return (
    <span className="bk-words">
      {element.multiline ? (
        <textarea {...common} rows={5} onChange={(event) => change(event.target.value)} />
      ) : (
        <input
          {...common}
          type={types[element.type] ?? "text"}
          inputMode={element.type === "number_input" ? "decimal" : undefined}
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && on?.includes("on_enter_pressed") && !event.nativeEvent.isComposing) press(state);
          }}
        />
      )}
      {max !== undefined && value.length > max * 0.7 && <small className={value.length > max ? "bk-left bk-over" : "bk-left"}>{max - value.length}</small>}
    </span>
  );
}
