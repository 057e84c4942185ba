import type { CSSProperties } from "react";
import type { LineObject } from "../../wire";
import { Tap } from "./box";
import { color, measure, textSize } from "./measure";

const gravity: Record<string, string> = { top: "flex-start", center: "center", bottom: "flex-end" };

// Text is a run of words or of spans; the words are always text nodes, never markup.
export function Text({ text, style }: { text: LineObject; style: CSSProperties }) {
  const spans = (text.contents as LineObject[] | undefined)?.filter((span) => span.type === "span") ?? [];
  const lines = typeof text.maxLines === "number" && text.maxLines > 0 ? text.maxLines : 0;
  const inner: CSSProperties = {
    ...face(text),
    textAlign: align(text.align),
    lineHeight: text.lineSpacing ? `calc(1.4em + ${measure(text.lineSpacing) ?? "0px"})` : undefined,
    ...(text.wrap ? {} : { whiteSpace: "nowrap", textOverflow: "ellipsis" }),
    ...(text.wrap && lines ? { display: "-webkit-box", WebkitBoxOrient: "vertical", WebkitLineClamp: lines } : {}),
  };
  return (
    <Tap
      action={text.action as LineObject | undefined}
      className="fx-text-box"
      style={{ ...style, justifyContent: gravity[text.gravity as string] }}
    >
      <div className={`fx-text${text.wrap ? " fx-wrap" : ""}`} style={inner}>
        {spans.length === 0 ? String(text.text ?? "") : spans.map((span, i) => <Span key={i} span={span} />)}
      </div>
    </Tap>
  );
}

function Span({ span }: { span: LineObject }) {
  return <span style={face(span)}>{String(span.text ?? "")}</span>;
}

const face = (text: LineObject): CSSProperties => ({
  fontSize: textSize(text.size),
  fontWeight: text.weight === "bold" ? 700 : text.weight === "regular" ? 400 : undefined,
  color: color(text.color),
  fontStyle: text.style === "italic" ? "italic" : undefined,
  textDecoration:
    text.decoration === "underline" ? "underline" : text.decoration === "line-through" ? "line-through" : undefined,
});

const align = (value: unknown) => (value === "center" ? "center" : value === "end" ? "end" : value === "start" ? "start" : undefined);
