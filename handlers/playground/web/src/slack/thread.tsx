import { useEffect, useRef } from "react";
import { useChoice } from "../choice";
import { useSection } from "../live";
import { useSay } from "../texts";
import { Icon } from "../ui/icons";
import type { Channel, Staff } from "../wire";
import { useFoot } from "../ui/foot";
import { Message } from "./message";
import { visible } from "./seen";
import { Write } from "./write";

// Thread is the side pane of one message and the answers to it. Escape closes it.
export function Thread({ me, channel, thread }: { me: Staff; channel: Channel; thread: string }) {
  const say = useSay();
  const { choose } = useChoice();
  const close = useRef<HTMLButtonElement>(null);
  const all = useSection("messages")[channel.id] ?? [];
  const shown = all.filter((message) => visible(message, me.id) && (message.ts === thread || message.thread_ts === thread));
  const last = shown.at(-1);
  const replies = shown.slice(1).filter((message) => !message.ephemeral_for).length;
  const foot = useFoot(last?.ts ?? "", last?.user === me.id);
  useEffect(() => close.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="thread" aria-label={say("slack.thread")} data-testid="slack-thread" onKeyDown={(event) => event.key === "Escape" && choose({ thread: "" })}>
      <header className="slack-head">
        <h2>{say("slack.thread")}</h2>
        <span className="slack-topic">{channel.direct ? channel.name : `#${channel.name}`}</span>
        <button type="button" ref={close} className="icon-button" aria-label={say("close")} data-testid="slack-thread-close" onClick={() => choose({ thread: "" })}>
          <Icon name="close" />
        </button>
      </header>
      <div className="messages" ref={foot} role="log" aria-live="polite" aria-label={say("slack.thread")} tabIndex={0} data-testid="slack-thread-messages">
        {shown.map((message, i) => (
          <div key={message.ts}>
            <Message me={me} channel={channel.id} message={message} />
            {i === 0 && replies > 0 && <div className="slack-day slack-count"><span>{say("slack.replies", { n: replies })}</span></div>}
          </div>
        ))}
      </div>
      <Write me={me} channel={channel.id} thread={thread} label={say("slack.write.thread")} />
    </aside>
  );
}
