import type { Block, Element, ElementState, State } from "../../wire";

// The state of inputs in the shape Slack sends it: view.state.values, and state.values of a block action.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload

type Option = { text: { text: string }; value: string };

const single = new Set(["static_select", "external_select", "radio_buttons"]);
const several = new Set(["multi_static_select", "multi_external_select", "checkboxes"]);
const words = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

// fields names the key that holds an element's value, and the element's own key for its first value.
const fields: Record<string, [field: string, initial: string]> = {
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  users_select: ["selected_user", "initial_user"],
  multi_users_select: ["selected_users", "initial_users"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
};

// fieldOf tells which key of an element's state holds what was chosen, "" for what holds nothing (a button).
export function fieldOf(type: string): string {
  if (single.has(type)) return "selected_option";
  if (several.has(type)) return "selected_options";
  if (words.has(type)) return "value";
  return fields[type]?.[0] ?? "";
}

export function initial(element: Element): ElementState {
  const { type } = element;
  if (single.has(type)) return { type, selected_option: element.initial_option ?? null };
  if (several.has(type)) return { type, selected_options: element.initial_options ?? [] };
  if (words.has(type)) return { type, value: element.initial_value ?? null };
  const field = fields[type];
  if (!field) return { type };
  const many = type.startsWith("multi_");
  return { type, [field[0]]: element[field[1]] ?? (many ? [] : null) };
}

// empty is what Slack takes for "not answered".
export function empty(state: ElementState): boolean {
  const value = state[fieldOf(state.type)] as unknown;
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

export const blockId = (block: Block, index: number) => block.block_id ?? `b${index}`;

// collect gives the whole state of some blocks: what was typed over what they began with.
export function collect(blocks: Block[], edits: State): State {
  const state: State = {};
  blocks.forEach((block, i) => {
    const id = blockId(block, i);
    for (const element of elementsOf(block)) {
      const action = element.action_id;
      if (!action || !fieldOf(element.type)) continue;
      (state[id] ??= {})[action] = edits[id]?.[action] ?? initial(element);
    }
  });
  return state;
}

function elementsOf(block: Block): Element[] {
  if (block.type === "input") return block.element ? [block.element as Element] : [];
  if (block.type === "actions") return (block.elements as Element[] | undefined) ?? [];
  return block.accessory ? [block.accessory as Element] : [];
}

// optionsOf flattens option groups.
export function optionsOf(element: Element): Option[] {
  const groups = element.option_groups as { options: Option[] }[] | undefined;
  return groups ? groups.flatMap((group) => group.options) : ((element.options as Option[] | undefined) ?? []);
}

export type { Option };
