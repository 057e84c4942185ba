import { useState } from "react";
import { useSection } from "../../live";
import { useSay } from "../../texts";
import { Icon } from "../../ui/icons";
import type { ElementState } from "../../wire";
import { plain } from "../plain";
import { placeholder, type Place } from "./form";
import { fieldOf, optionsOf } from "./state";

interface Choice {
  value: string;
  label: string;
  small?: string;
  raw: unknown;
  group?: string;
}

// OneSelect is a menu of which one is chosen.
export function OneSelect(place: Place) {
  const say = useSay();
  const choices = useChoices(place);
  const chosen = valuesOf(place.state)[0] ?? "";
  const grouped = groups(choices);
  const pick = (value: string) => {
    const choice = choices.find((one) => one.value === value);
    place.change({ type: place.element.type, [fieldOf(place.element.type)]: choice?.raw ?? null });
  };
  return (
    <span className="bk-select">
      <select
        id={place.id}
        value={chosen}
        aria-invalid={place.invalid}
        aria-describedby={place.describedBy}
        aria-label={place.describedBy ? undefined : placeholder(place.element) || say("slack.choose")}
        data-testid={`slack-input-${place.element.action_id ?? ""}`}
        onChange={(event) => pick(event.target.value)}
      >
        <option value="">{placeholder(place.element) || say("slack.choose")}</option>
        {grouped.map(([name, list]) => (name ? <optgroup key={name} label={name}>{list.map(one)}</optgroup> : list.map(one)))}
      </select>
      <Icon name="down" size={16} />
    </span>
  );
}

const one = (choice: Choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>;

// ManySelect is a list with a box for each choice, and a filter when the list is long.
export function ManySelect(place: Place) {
  const say = useSay();
  const [filter, setFilter] = useState("");
  const choices = useChoices(place);
  const chosen = valuesOf(place.state);
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    const raw = next.map((id) => choices.find((choice) => choice.value === id)?.raw).filter((one) => one !== undefined);
    place.change({ type: place.element.type, [fieldOf(place.element.type)]: raw });
  };
  const max = Number(place.element.max_selected_items ?? Infinity);
  const shown = choices.filter((choice) => `${choice.label} ${choice.small ?? ""}`.includes(filter.trim()));
  return (
    <div className="bk-many" role="group" id={place.id} aria-describedby={place.describedBy} aria-label={placeholder(place.element) || undefined} data-testid={`slack-input-${place.element.action_id ?? ""}`}>
      <div className="bk-many-head">
        {choices.length > 8 ? (
          <input type="search" value={filter} placeholder={say("slack.filter")} aria-label={say("slack.filter")} onChange={(event) => setFilter(event.target.value)} />
        ) : (
          <span>{placeholder(place.element)}</span>
        )}
        <output>{say("slack.chosen", { n: chosen.length })}</output>
      </div>
      <div className="bk-many-list">
        {shown.map((choice) => (
          <label key={choice.value} className="bk-check">
            <input type="checkbox" checked={chosen.includes(choice.value)} disabled={!chosen.includes(choice.value) && chosen.length >= max} data-testid={`option-${choice.value}`} onChange={() => toggle(choice.value)} />
            <span>{choice.label}{choice.small && <small>{choice.small}</small>}</span>
          </label>
        ))}
        {shown.length === 0 && <p className="quiet">{say("slack.nothing")}</p>}
      </div>
    </div>
  );
}

// useChoices gives what can be chosen: the element's options, the staff, or the channels.
function useChoices({ element }: Place): Choice[] {
  const staff = useSection("staff");
  const channels = useSection("channels");
  if (element.type.includes("users")) return staff.map(({ id, name }) => ({ value: id, label: name, raw: id }));
  if (element.type.includes("channels") || element.type.includes("conversations")) {
    return channels.map(({ id, name }) => ({ value: id, label: `#${name}`, raw: id }));
  }
  const named = (element.option_groups as { label: unknown; options: any[] }[] | undefined)?.flatMap((group) =>
    group.options.map((option) => ({ ...choiceOf(option), group: plain(group.label) })),
  );
  return named ?? optionsOf(element).map(choiceOf);
}

// choiceOf takes an option with its small print.
function choiceOf(option: any): Choice {
  return { value: option.value, label: plain(option.text), small: option.description && plain(option.description), raw: option };
}

function valuesOf(state: ElementState): string[] {
  const value = state[fieldOf(state.type)] as unknown;
  const list = Array.isArray(value) ? value : value ? [value] : [];
  return list.map((item) => (typeof item === "string" ? item : String((item as { value: string }).value)));
}

function groups(choices: Choice[]): [string, Choice[]][] {
  const found = new Map<string, Choice[]>();
  for (const choice of choices) found.set(choice.group ?? "", [...(found.get(choice.group ?? "") ?? []), choice]);
  return [...found];
}
