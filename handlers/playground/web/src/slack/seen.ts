import { useEffect, useState } from "react";
import { useSection } from "../live";
import type { SlackMessage, Staff } from "../wire";

// useSeen counts, for each channel, what has come in since this staff member last looked. It lives in the page only.
export function useSeen(me: Staff, open: string) {
  const messages = useSection("messages");
  const [seen, setSeen] = useState<Record<string, string>>({});
  const newest = last(messages[open]);
  useEffect(() => {
    if (open) setSeen((now) => ({ ...now, [`${me.id}/${open}`]: newest }));
  }, [me.id, open, newest]);
  const unread = (channel: string): number => {
    if (channel === open) return 0;
    const from = seen[`${me.id}/${channel}`] ?? "";
    return (messages[channel] ?? []).filter((message) => message.ts > from && visible(message, me.id) && message.user !== me.id).length;
  };
  return { unread };
}

// visible leaves out what is meant for someone else's eyes only, and what was deleted.
export const visible = (message: SlackMessage, user: string) =>
  !message.deleted && (!message.ephemeral_for || message.ephemeral_for === user);

const last = (messages: SlackMessage[] | undefined) =>
  (messages ?? []).reduce((newest, message) => (message.ts > newest ? message.ts : newest), "");
