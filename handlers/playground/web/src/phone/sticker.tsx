import { known, useSay } from "../texts";

// The four stickers of this page, drawn here. They are sent with the numbers of LINE's own sample stickers, since the
// platform knows stickers only by number. https://developers.line.biz/en/docs/messaging-api/sticker-list/
export const stickers = [
  { keyword: "thanks", packageId: "446", stickerId: "1993", mouth: "M16 29c4 6 12 6 16 0", tint: "a" },
  { keyword: "ok", packageId: "446", stickerId: "1990", mouth: "M17 30h14", tint: "b" },
  { keyword: "please", packageId: "446", stickerId: "2003", mouth: "M18 32c3-4 9-4 12 0", tint: "c" },
  { keyword: "question", packageId: "446", stickerId: "2018", mouth: "M24 30.500a2.500 2.500 0 1 0 .010 0", tint: "d" },
] as const;

export function Sticker({ keyword }: { keyword: string }) {
  const say = useSay();
  const sticker = stickers.find((one) => one.keyword === keyword || one.stickerId === keyword);
  const key = `sticker.${sticker?.keyword ?? ""}`;
  const words = known(key) ? say(key) : keyword;
  return (
    <span className={`sticker sticker-${sticker?.tint ?? "a"}`} role="img" aria-label={`${say("phone.sticker")}: ${words}`}>
      <svg viewBox="0 0 48 48" width="68" height="68" aria-hidden="true">
        <circle className="sticker-face" cx="24" cy="24" r="20" />
        <path className="sticker-line" d={`M17 20v2M31 20v2${sticker?.mouth ?? "M16 29c4 6 12 6 16 0"}`} />
      </svg>
      <span aria-hidden="true">{words}</span>
    </span>
  );
}
