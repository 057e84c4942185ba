import { known, useSay } from "../texts";

// The four stickers of this page, drawn here. They are sent with the numbers of LINE's own sample stickers, since the
// platform knows stickers only by number. https://developers.line.biz/en/docs/messaging-api/sticker-list/
export const stickers = [
  { keyword: "thanks", packageId: "446", stickerId: "1993", face: "M15 21c1-2 4-2 5 0M28 21c1-2 4-2 5 0M16 28c4 6 12 6 16 0", tint: "a" },
  { keyword: "ok", packageId: "446", stickerId: "1990", face: "M17 19v3M31 19v3M16 29c5 4 11 4 16 0", tint: "b" },
  { keyword: "please", packageId: "446", stickerId: "2003", face: "M15 21h5M28 21h5M19 30c3 2 7 2 10 0", tint: "c" },
  { keyword: "question", packageId: "446", stickerId: "2018", face: "M17 19v3M31 19v3M24 28.500a2.800 2.800 0 1 0 .010 0", tint: "d" },
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
        <path className="sticker-line" d={(sticker ?? stickers[0]).face} />
      </svg>
      <span aria-hidden="true">{words}</span>
    </span>
  );
}
