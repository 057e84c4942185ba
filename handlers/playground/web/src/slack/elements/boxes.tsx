import { plain } from "../plain";
import { Mrkdwn } from "../mrkdwn";
import type { Place } from "./form";
import { optionsOf, type Option } from "./state";

// Checks are boxes of which several may be ticked.
export function Checks(place: Place) {
  const chosen = (place.state.selected_options as Option[] | undefined) ?? [];
  const has = (option: Option) => chosen.some((other) => other.value === option.value);
  const toggle = (option: Option) =>
    place.change({
      type: "checkboxes",
      selected_options: has(option) ? chosen.filter((other) => other.value !== option.value) : [...chosen, option],
    });
  return <Boxes place={place} kind="checkbox" has={has} pick={toggle} />;
}

// Radios are boxes of which one is ticked.
export function Radios(place: Place) {
  const chosen = place.state.selected_option as Option | null;
  const pick = (option: Option) => place.change({ type: "radio_buttons", selected_option: option });
  return <Boxes place={place} kind="radio" has={(option) => option.value === chosen?.value} pick={pick} />;
}

interface BoxesProps {
  place: Place;
  kind: "checkbox" | "radio";
  has: (option: Option) => boolean;
  pick: (option: Option) => void;
}

function Boxes({ place, kind, has, pick }: BoxesProps) {
  return (
    <div className="bk-boxes" role={kind === "radio" ? "radiogroup" : "group"} id={place.id} aria-describedby={place.describedBy} data-testid={`slack-input-${place.element.action_id ?? ""}`}>
      {optionsOf(place.element).map((option) => (
        <label key={option.value} className="bk-check">
          <input type={kind} name={`${place.id}-${place.block}`} checked={has(option)} data-testid={`option-${option.value}`} onChange={() => pick(option)} />
          <span>
            <Label text={option.text} />
            {(option as any).description && <small><Label text={(option as any).description} /></small>}
          </span>
        </label>
      ))}
    </div>
  );
}

const Label = ({ text }: { text: any }) => (text?.type === "mrkdwn" ? <Mrkdwn text={String(text.text)} /> : <>{plain(text)}</>);
