import { useCallback } from "react";
import { useChoice, type Choice } from "../choice";
import { live } from "../live";
import type { Snapshot } from "../wire";

// useFollow makes the page look at the side, person, channel and staff member that a story is about, as long as it plays and
// for a moment longer, while what it set off still comes in.
export function useFollow() {
  const { choose } = useChoice();
  return useCallback(() => {
    const leave = live.watch((before, now) => {
      const change = look(before, now);
      if (Object.keys(change).length > 0) choose(change);
    });
    return () => void window.setTimeout(leave, 1500);
  }, [choose]);
}

// look finds where something new happened.
function look(before: Snapshot, now: Snapshot): Partial<Choice> {
  const change: Partial<Choice> = {};
  const person = Object.keys(now.chats).find((id) => (now.chats[id]?.at(-1)?.seq ?? 0) > (before.chats[id]?.at(-1)?.seq ?? 0));
  if (person) Object.assign(change, { person, tab: "phone" });
  const viewer = Object.keys(now.views).find((id) => (now.views[id]?.length ?? 0) > (before.views[id]?.length ?? 0));
  if (viewer) return { ...change, tab: "slack", staff: viewer };
  const channel = now.channels.find(({ id }) => (now.messages[id]?.length ?? 0) > (before.messages[id]?.length ?? 0));
  if (!channel) return change;
  const newest = now.messages[channel.id]?.at(-1);
  const author = newest?.ephemeral_for ?? (newest?.bot ? undefined : newest?.user);
  const staff = author && channel.members.includes(author) ? author : channel.members.find((id) => now.staff.some((one) => one.id === id));
  return { ...change, tab: "slack", place: { kind: "channel", id: channel.id }, ...(staff ? { staff } : {}) };
}
