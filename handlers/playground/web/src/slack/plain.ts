// plain gives the words of a text object; a plain_text object's words are exactly what is shown.
export function plain(text: unknown): string {
  if (typeof text === "string") return text;
  const words = (text as { text?: unknown } | null | undefined)?.text;
  return typeof words === "string" ? emoji(words) : "";
}

const names: Record<string, string> = {
  white_check_mark: "✅", warning: "⚠️", bell: "🔔", hourglass: "⌛", hourglass_flowing_sand: "⏳", memo: "📝", wave: "👋",
  tada: "🎉", x: "❌", lock: "🔒", eyes: "👀", question: "❓", speech_balloon: "💬", paperclip: "📎", calendar: "📅",
  bust_in_silhouette: "👤", office: "🏢", inbox_tray: "📥", outbox_tray: "📤", arrow_right: "➡️", mag: "🔍", pushpin: "📌",
};

const emoji = (text: string) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => names[name] ?? whole);
