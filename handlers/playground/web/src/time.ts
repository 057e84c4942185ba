import type { Lang } from "./texts";

// All times are shown as the desk's people read them.
const zone = "Asia/Tokyo";

export type Style = "time" | "day" | "stamp" | "date";

const styles: Record<Style, Intl.DateTimeFormatOptions> = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { month: "long", day: "numeric", weekday: "short" },
  date: { year: "numeric", month: "numeric", day: "numeric", weekday: "short" },
  stamp: { month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

const made = new Map<string, Intl.DateTimeFormat>();

export function format(at: Date, style: Style, lang: Lang): string {
  if (Number.isNaN(at.getTime())) return "";
  const key = lang + style;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(lang === "ja" ? "ja-JP" : "en-GB", { timeZone: zone, ...styles[style] });
    made.set(key, format);
  }
  return format.format(at);
}

// stamp reads a Slack ts (seconds with a fraction) as a time.
export const stamp = (ts: string) => new Date(Number(ts) * 1000);
