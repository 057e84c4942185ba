import { useSay } from "../../texts";
import { placeholder, type Place } from "./form";

const kinds: Record<string, [type: string, field: string]> = {
  datepicker: ["date", "selected_date"],
  timepicker: ["time", "selected_time"],
  datetimepicker: ["datetime-local", "selected_date_time"],
};

// Day is the browser's own picker for a day, a time, or both. A moment (datetimepicker) is in seconds on the wire.
export function Day(place: Place) {
  const say = useSay();
  const [type, field] = kinds[place.element.type] ?? ["date", "selected_date"];
  const raw = place.state[field] as string | number | null | undefined;
  const moment = type === "datetime-local";
  const shown = moment ? local(raw as number | null | undefined) : String(raw ?? "");
  return (
    <input
      type={type}
      className="bk-input bk-day"
      id={place.id}
      value={shown}
      aria-invalid={place.invalid}
      aria-describedby={place.describedBy}
      aria-label={place.describedBy ? undefined : placeholder(place.element) || say("slack.date")}
      data-testid={`slack-input-${place.element.action_id ?? ""}`}
      onChange={(event) => {
        const value = event.target.value;
        place.change({ type: place.element.type, [field]: !value ? null : moment ? seconds(value) : value });
      }}
    />
  );
}

// The desk's hours are Japan's, wherever the browser stands.
const east = 9 * 3600;
const local = (at: number | null | undefined) => (at ? new Date((at + east) * 1000).toISOString().slice(0, 16) : "");
const seconds = (value: string) => Date.parse(`${value}:00Z`) / 1000 - east;
