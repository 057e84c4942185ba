import { useSection } from "../live";
import { useSay, useTexts } from "../texts";
import { format } from "../time";
import { Icon } from "../ui/icons";
import { useNow } from "./now";

// ClockBox shows the desk's time, and how far it has been moved.
export function ClockBox() {
  const say = useSay();
  const { lang } = useTexts();
  const now = useNow();
  const moved = useSection("clock").offset_seconds;
  return (
    <div className="clock-box" data-testid="clock">
      <Icon name="clock" size={16} />
      <time dateTime={now.toISOString()}>{format(now, "stamp", lang)}</time>
      {moved !== 0 && <small>{say("clock.moved", { span: span(moved, lang) })}</small>}
    </div>
  );
}

function span(seconds: number, lang: "ja" | "en"): string {
  const hours = Math.round(seconds / 3600);
  const [n, unit] = Math.abs(hours) >= 48 ? [Math.round(hours / 24), "day"] : [hours, "hour"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long", signDisplay: "always" }).format(n);
}
