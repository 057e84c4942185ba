import { useCallback, useMemo, useState } from "react";
import { slack, type SlackDo } from "../post";
import { useAsk } from "../ui/toast";
import type { Block, Element, ElementState, State } from "../wire";
import type { Form } from "./elements/form";
import { collect, fieldOf } from "./elements/state";
import { useOnce } from "./once";

// useBlocks keeps what is typed into some blocks and sends presses from where they stand (a message or a view).
export function useBlocks(blocks: Block[], where: Partial<SlackDo> & { user: string }, errors: Record<string, string>): Form & { whole: () => State } {
  const ask = useAsk();
  const [edits, setEdits] = useState<State>({});
  const { busy, once } = useOnce();
  const place = JSON.stringify(where);
  const set = useCallback((block: string, action: string, state: ElementState) => {
    setEdits((now) => ({ ...now, [block]: { ...now[block], [action]: state } }));
  }, []);
  const press = useCallback(
    async (block: string, element: Element, state: ElementState) => {
      const action = element.action_id ?? "";
      const field = fieldOf(element.type);
      const values = collect(blocks, edits);
      if (field) (values[block] ??= {})[action] = state;
      const at = JSON.parse(place) as typeof where;
      const send = () => ask(slack({ ...at, do: "press", block_id: block, action_id: action, value: valueOf(state), values: { ...values, ...pressed(block, action, element, state) } }));
      await (field ? send() : once(`${block}/${action}`, send, at.view_id !== undefined)); // what is typed or chosen always counts
    },
    [ask, blocks, edits, once, place],
  );
  const whole = useCallback(() => collect(blocks, edits), [blocks, edits]);
  return useMemo(() => ({ state: edits, errors, busy, set, press, whole }), [edits, errors, busy, set, press, whole]);
}

// pressed carries the chosen option of an overflow menu, which has no state of its own in Slack.
function pressed(block: string, action: string, element: Element, state: ElementState): State {
  return element.type === "overflow" ? { [block]: { [action]: state } } : {};
}

// valueOf is the one word that says what was pressed or chosen.
function valueOf(state: ElementState): string {
  if (state.type === "button") return String(state.value ?? "");
  const option = state.selected_option as { value?: string } | null | undefined;
  if (option) return String(option.value ?? "");
  const plain = state[fieldOf(state.type)] as unknown;
  return typeof plain === "string" || typeof plain === "number" ? String(plain) : "";
}
