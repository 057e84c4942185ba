import { createContext, memo, useContext, useMemo, type ReactNode } from "react";
import { Message, type Block as RichBlock } from "slack-blocks-to-jsx";
import { useSection } from "../live";
import type { Block } from "../wire";

// Names lets mentions be shown by name.
const Names = createContext<{ users: { id: string; name: string }[]; channels: { id: string; name: string }[] }>({ users: [], channels: [] });

export function NamesProvider({ children }: { children: ReactNode }) {
  const staff = useSection("staff");
  const channels = useSection("channels");
  const desk = useSection("desk");
  const value = useMemo(
    () => ({
      users: [...staff.map(({ id, name }) => ({ id, name })), { id: "UBOT", name: desk.bot }],
      channels: channels.map(({ id, name }) => ({ id, name })),
    }),
    [staff, channels, desk],
  );
  return <Names.Provider value={value}>{children}</Names.Provider>;
}

// Rich draws one block that has nothing to press, through slack-blocks-to-jsx. The renderer would make the block_id the
// id of a part of the page, which is ours alone to give.
export const Rich = memo(function Rich({ block }: { block: Block }) {
  const data = useContext(Names);
  const blocks = useMemo(() => [calm({ ...block, block_id: undefined })] as unknown as RichBlock[], [block]);
  return <Message blocks={blocks} name="" logo="" theme="light" withoutWrapper data={data} hooks={hooks} />;
});

// Mrkdwn draws a run of Slack's own markup.
export function Mrkdwn({ text }: { text: string }) {
  const block = useMemo(() => ({ type: "section", text: { type: "mrkdwn", text } }), [text]);
  return <Rich block={block} />;
}

const hooks = {
  link: ({ href, children, className }: { href: string; children: ReactNode; className?: string }) =>
    /^(https?:|mailto:|tel:)/.test(href) ? (
      <a href={href} className={className} target="_blank" rel="noopener noreferrer">{children}</a>
    ) : (
      <span className={className}>{children}</span>
    ),
};

// calm keeps a star between spaces from being doubled, as version 1.1.1 of the renderer does with stars that open nothing.
function calm<T>(value: T): T {
  if (Array.isArray(value)) return value.map(calm) as T;
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) copy[key] = calm(object[key]);
  if (object.type === "mrkdwn" && typeof object.text === "string") copy.text = star(object.text);
  return copy as T;
}

const star = (text: string) => text.replace(/(^|\s)\*(?=\s|$)/gm, "$1\u2217");
