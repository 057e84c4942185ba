import type { Say } from "../../texts";
import type { Block, Element, State } from "../../wire";
import { blockId, empty } from "./state";

// check finds what Slack itself would refuse before sending a modal, by block_id.
export function check(blocks: Block[], state: State, say: Say): Record<string, string> {
  const faults: Record<string, string> = {};
  blocks.forEach((block, i) => {
    if (block.type !== "input") return;
    const id = blockId(block, i);
    const element = block.element as Element;
    const fault = faultOf(element, state[id]?.[element.action_id ?? ""], block.optional === true, say);
    if (fault) faults[id] = fault;
  });
  return faults;
}

function faultOf(element: Element, state: { type: string; value?: string } | undefined, optional: boolean, say: Say): string {
  if (!state) return "";
  if (empty(state)) return optional ? "" : say("value" in state ? "slack.required" : "slack.required.choice");
  const text = typeof state.value === "string" ? state.value : "";
  if (element.min_length && text.length < element.min_length) return say("slack.short", { n: element.min_length as number });
  if (element.max_length && text.length > element.max_length) return say("slack.long", { n: element.max_length as number });
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return say("slack.email");
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(text)) return say("slack.url");
  if (element.type === "number_input" && !/^-?\d+(\.\d+)?$/.test(text)) return say("slack.number");
  return "";
}
