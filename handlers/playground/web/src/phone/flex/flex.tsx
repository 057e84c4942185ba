import type { CSSProperties } from "react";
import type { LineObject, LineMessage } from "../../wire";
import { Box } from "./box";
import { background, color } from "./measure";
import { Part } from "./part";

const widths = new Set(["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"]);

// Flex draws a Flex Message from its raw JSON: one bubble, or a carousel of them.
export function Flex({ message }: { message: LineMessage }) {
  const container = message.contents as LineObject | undefined;
  const label = String(message.altText ?? "");
  if (container?.type === "carousel") {
    const bubbles = (container.contents as LineObject[] | undefined) ?? [];
    return (
      <div className="fx-carousel" role="group" aria-label={label} tabIndex={0} data-testid="flex-carousel">
        {bubbles.map((bubble, i) => <Bubble key={i} bubble={bubble} label={`${label} ${i + 1}/${bubbles.length}`} />)}
      </div>
    );
  }
  if (container?.type !== "bubble") return <div className="bubble bubble-desk">{label}</div>;
  return <Bubble bubble={container} label={label} />;
}

const sections = ["header", "hero", "body", "footer"] as const;

function Bubble({ bubble, label }: { bubble: LineObject; label: string }) {
  const size = widths.has(bubble.size as string) ? (bubble.size as string) : "mega";
  return (
    <article className={`fx-bubble fx-size-${size}`} dir={bubble.direction === "rtl" ? "rtl" : "ltr"} aria-label={label} data-testid="flex-bubble">
      {sections.map((name) => {
        const part = bubble[name] as LineObject | undefined;
        return part && <Section key={name} name={name} part={part} look={(bubble.styles as any)?.[name] as LineObject | undefined} />;
      })}
    </article>
  );
}

function Section({ name, part, look }: { name: string; part: LineObject; look?: LineObject }) {
  const style: CSSProperties = look ? background(look) : {};
  return (
    <div className={`fx-section fx-${name}`} style={style}>
      {look?.separator === true && <div className="fx-line" role="separator" style={{ backgroundColor: color(look.separatorColor) }} />}
      {part.type === "box" ? <Box box={part} /> : <Part part={part} parent="vertical" style={{}} />}
    </div>
  );
}
