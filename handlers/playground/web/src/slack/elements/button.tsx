import { useEffect, useRef } from "react";
import type { ElementState } from "../../wire";
import { useSay } from "../../texts";
import { Icon } from "../../ui/icons";
import { Menu } from "../../ui/menu";
import { goRound, stay } from "../../ui/trap";
import { plain } from "../plain";
import type { Place } from "./form";
import { optionsOf } from "./state";

interface PressProps extends Place {
  press: (state: ElementState) => void;
  busy: boolean;
}

// Button is pressed once; while the answer is on its way it says so and takes no second press.
export function Button({ element, press, busy }: PressProps) {
  const style = element.style === "primary" || element.style === "danger" ? element.style : "plain";
  return (
    <button
      type="button"
      className={`bk-button bk-${style}`}
      aria-busy={busy}
      aria-label={element.accessibility_label}
      data-testid={`slack-button-${element.action_id ?? ""}`}
      data-value={element.value}
      onClick={() => {
        if (busy) return;
        if (typeof element.url === "string" && /^https?:\/\//.test(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
        press({ type: element.type, value: element.value });
      }}
    >
      {busy && <span className="spin" aria-hidden="true" />}
      {plain(element.text)}
    </button>
  );
}

export function Overflow({ element, press }: PressProps) {
  const say = useSay();
  const items = optionsOf(element).map((option) => ({
    id: option.value,
    label: plain(option.text),
    testid: `slack-overflow-${option.value}`,
    run: () => press({ type: "overflow", selected_option: option }),
  }));
  return (
    <Menu label={say("slack.more")} items={items} className="bk-button bk-plain bk-overflow" testid={`slack-button-${element.action_id ?? ""}`} left>
      <Icon name="more" size={18} />
    </Menu>
  );
}

interface ConfirmProps {
  confirm: any;
  answer: (yes: boolean) => void;
}

// Confirm is Slack's question before a press counts.
export function Confirm({ confirm, answer }: ConfirmProps) {
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <div className="confirm-back" onMouseDown={stay}>
      <div className="confirm" role="alertdialog" aria-modal="true" aria-label={plain(confirm.title)} tabIndex={-1} onKeyDown={(event) => {
        goRound(event);
        event.stopPropagation();
        if (event.key !== "Escape") return;
        answer(false);
      }}>
        <h3>{plain(confirm.title)}</h3>
        <p>{plain(confirm.text)}</p>
        <div className="confirm-foot">
          <button type="button" className="bk-button bk-plain" data-testid="slack-confirm-no" onClick={() => answer(false)}>{plain(confirm.deny)}</button>
          <button type="button" ref={yes} className={`bk-button bk-${confirm.style === "danger" ? "danger" : "primary"}`} data-testid="slack-confirm-yes" onClick={() => answer(true)}>{plain(confirm.confirm)}</button>
        </div>
      </div>
    </div>
  );
}
