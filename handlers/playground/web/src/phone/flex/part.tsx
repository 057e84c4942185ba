import type { CSSProperties } from "react";
import type { LineObject } from "../../wire";
import { useSay } from "../../texts";
import { Icon } from "../../ui/icons";
import { useAct, labelOf } from "../act";
import { Box, Tap } from "./box";
import { color, imageSize, space } from "./measure";
import { Text } from "./text";

interface PartProps {
  part: LineObject;
  parent: string;
  style: CSSProperties;
}

// Part draws one component of a box by its type. What is not known is named, not hidden.
export function Part({ part, parent, style }: PartProps) {
  switch (part.type) {
    case "box":
      return <Box box={part} style={style} />;
    case "text":
      return <Text text={part} style={style} />;
    case "button":
      return <Button button={part} style={style} />;
    case "separator":
      return <Line part={part} parent={parent} style={style} />;
    case "filler":
      return <div style={{ ...style, flex: typeof part.flex === "number" ? `${part.flex} 1 0` : "1 1 0" }} />;
    case "image":
    case "icon":
    case "video":
      return <Picture part={part} style={style} />;
    case "span":
      return null;
    default:
      return <div className="fx-unknown" style={style}>{part.type}</div>;
  }
}

function Line({ part, parent, style }: PartProps) {
  const across = parent !== "vertical";
  return (
    <div
      role="separator"
      className={across ? "fx-line-down" : "fx-line"}
      style={{ ...style, flex: "0 0 auto", backgroundColor: color(part.color) }}
    />
  );
}

function Button({ button, style }: { button: LineObject; style: CSSProperties }) {
  const act = useAct();
  const action = button.action as LineObject;
  const kind = button.style === "primary" || button.style === "secondary" ? button.style : "link";
  const tint = color(button.color);
  const own: CSSProperties = kind === "link" ? { color: tint } : { backgroundColor: tint };
  return (
    <div className="fx-button-box" style={{ ...style, justifyContent: place(button.gravity) }}>
      <button
        type="button"
        className={`fx-button fx-${kind} fx-button-${button.height === "sm" ? "sm" : "md"}`}
        style={own}
        data-testid="flex-button"
        onClick={() => act(action)}
      >
        {labelOf(action)}
      </button>
    </div>
  );
}

const place = (gravity: unknown) => (gravity === "bottom" ? "flex-end" : gravity === "center" ? "center" : undefined);

// Picture stands for an image from another host, which this page never fetches.
function Picture({ part, style }: { part: LineObject; style: CSSProperties }) {
  const say = useSay();
  const width = part.type === "icon" ? "1.2em" : (imageSize(part.size) ?? "100px");
  const ratio = /^\d+(\.\d+)?:\d+(\.\d+)?$/.test(String(part.aspectRatio)) ? String(part.aspectRatio).replace(":", " / ") : "1 / 1";
  const label = String(part.altText ?? say("phone.image"));
  return (
    <Tap action={part.action as LineObject | undefined} className="fx-picture-box" style={{ ...style, textAlign: "center" }}>
      <span
        className={`fx-picture fx-picture-${part.type}`}
        role="img"
        aria-label={label}
        title={typeof part.url === "string" ? part.url : label}
        style={{ width, aspectRatio: ratio, marginTop: space(part.margin) ? undefined : 0 }}
      >
        {part.type !== "icon" && <Icon name="image" size={22} />}
      </span>
    </Tap>
  );
}
