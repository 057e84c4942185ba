import type { CSSProperties, ReactNode } from "react";
import type { LineObject } from "../../wire";
import { useAct, labelOf } from "../act";
import { background, border, color, gap, grow, measure, offset, padding, radius } from "./measure";
import { Part } from "./part";

const ways: Record<string, string> = {
  "flex-start": "flex-start", "flex-end": "flex-end", center: "center",
  "space-between": "space-between", "space-around": "space-around", "space-evenly": "space-evenly",
};

// Box lays its parts out down (vertical), across (horizontal), or across on one line of text (baseline).
export function Box({ box, style = {} }: { box: LineObject; style?: CSSProperties }) {
  const parts = (box.contents as LineObject[] | undefined) ?? [];
  const layout = String(box.layout);
  const own: CSSProperties = {
    ...style,
    ...padding(box),
    ...background(box),
    width: measure(box.width),
    maxWidth: measure(box.maxWidth),
    height: measure(box.height),
    maxHeight: measure(box.maxHeight),
    borderRadius: radius(box.cornerRadius),
    justifyContent: ways[box.justifyContent as string],
    alignItems: layout === "baseline" ? "baseline" : ways[box.alignItems as string],
    ...edge(box),
  };
  return (
    <Tap action={box.action as LineObject | undefined} className={`fx-box fx-${layout}`} style={own}>
      {parts.map((part, i) => (
        <Part key={i} part={part} parent={layout} style={{ ...grow(part, layout), ...gap(part, box, i === 0), ...offset(part) }} />
      ))}
    </Tap>
  );
}

function edge(box: LineObject): CSSProperties {
  const width = border(box.borderWidth) ?? (box.borderColor ? "1px" : undefined);
  if (!width) return {};
  return { borderWidth: width, borderStyle: "solid", borderColor: color(box.borderColor) ?? "#c8c8c8" };
}

interface TapProps {
  action?: LineObject;
  className: string;
  style: CSSProperties;
  children: ReactNode;
}

// Tap makes a part with an action a button, and leaves any other part a plain box.
export function Tap({ action, className, style, children }: TapProps) {
  const act = useAct();
  if (!action) return <div className={className} style={style}>{children}</div>;
  return (
    <div
      className={`${className} fx-tap`}
      style={style}
      role="button"
      tabIndex={0}
      aria-label={labelOf(action)}
      data-testid="flex-action"
      onClick={() => act(action)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        act(action);
      }}
    >
      {children}
    </div>
  );
}
