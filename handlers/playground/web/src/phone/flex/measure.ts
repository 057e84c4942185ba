import type { CSSProperties } from "react";
import type { LineObject } from "../../wire";

// Words and pixels of Flex Message sizes turned into CSS values. Whatever is not one of the known forms is dropped, so
// nothing from a message reaches a style unread. https://developers.line.biz/en/docs/messaging-api/flex-message-layout/

const spaces: Record<string, string> = { none: "0px", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const radii = spaces;
const borders: Record<string, string> = { none: "0px", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const texts: Record<string, string> = {
  xxs: "11px", xs: "13px", sm: "14px", md: "16px", lg: "19px", xl: "22px", xxl: "29px", "3xl": "35px", "4xl": "48px", "5xl": "74px",
};
const images: Record<string, string> = {
  xxs: "40px", xs: "60px", sm: "80px", md: "100px", lg: "120px", xl: "140px", xxl: "160px", "3xl": "180px", "4xl": "200px", "5xl": "220px", full: "100%",
};

const length = /^-?\d+(\.\d+)?(px|%)$/;
const colour = /^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/;

const read = (words: Record<string, string>) => (value: unknown): string | undefined =>
  typeof value !== "string" ? undefined : (words[value] ?? (length.test(value) ? value : undefined));

export const space = read(spaces);
export const radius = read(radii);
export const border = read(borders);
export const textSize = read(texts);
export const imageSize = read(images);
export const measure = read({});
export const color = (value: unknown): string | undefined =>
  typeof value === "string" && colour.test(value) ? value : undefined;

export const padding = (box: LineObject): CSSProperties =>
  given({
    paddingTop: space(box.paddingTop ?? box.paddingAll),
    paddingBottom: space(box.paddingBottom ?? box.paddingAll),
    paddingInlineStart: space(box.paddingStart ?? box.paddingAll),
    paddingInlineEnd: space(box.paddingEnd ?? box.paddingAll),
  });

// given leaves out what is not set, since setting nothing would also undo what a style sheet or shorthand gives.
const given = (style: CSSProperties): CSSProperties =>
  Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined));

export const offset = (part: LineObject): CSSProperties => ({
  position: part.position === "absolute" ? "absolute" : "relative",
  top: space(part.offsetTop),
  bottom: space(part.offsetBottom),
  insetInlineStart: space(part.offsetStart),
  insetInlineEnd: space(part.offsetEnd),
});

// background is a plain colour or a linear gradient of two or three.
export function background(box: LineObject): CSSProperties {
  const flat = color(box.backgroundColor);
  const gradient = box.background as LineObject | undefined;
  const from = color(gradient?.startColor);
  const to = color(gradient?.endColor);
  if (gradient?.type !== "linearGradient" || !from || !to) return { backgroundColor: flat };
  const angle = /^\d+(\.\d+)?deg$/.test(String(gradient.angle)) ? String(gradient.angle) : "0deg";
  const middle = color(gradient.centerColor);
  return { backgroundImage: `linear-gradient(${[angle, from, middle, to].filter(Boolean).join(", ")})` };
}

// grow is how much of its parent a part takes: 1 by default across, its own height by default down.
export function grow(part: LineObject, parent: string): CSSProperties {
  const across = parent !== "vertical";
  const flex = typeof part.flex === "number" ? part.flex : across && part.type !== "icon" ? 1 : 0;
  if (flex === 0) return { flex: "0 0 auto", maxWidth: "100%" };
  return { flex: `${flex} ${across ? flex : 1} ${across ? "0" : "auto"}`, minWidth: 0 };
}

// gap is the distance to the part before, in the parent's direction.
export function gap(part: LineObject, parent: LineObject, first: boolean): CSSProperties {
  const value = space(part.margin) ?? (first ? undefined : space(parent.spacing));
  if (!value || part.position === "absolute") return {};
  return parent.layout === "vertical" ? { marginTop: value } : { marginInlineStart: value };
}
