import { useMemo } from "react";
import { useChoice } from "../choice";
import { useSection } from "../live";
import { useSay, useTexts } from "../texts";
import { format, stamp } from "../time";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import type { Channel, SlackMessage, Staff } from "../wire";
import { Message } from "./message";
import { visible } from "./seen";
import { useFoot } from "../ui/foot";
import { Write } from "./write";

interface ConversationProps {
  me: Staff;
  channel: Channel;
  openDrawer: () => void;
}

// Conversation is one channel: its messages outside threads, oldest first, and a line to write in.
export function Conversation({ me, channel, openDrawer }: ConversationProps) {
  const say = useSay();
  const all = useSection("messages")[channel.id];
  const shown = useMemo(() => (all ?? []).filter((message) => visible(message, me.id)), [all, me.id]);
  const tops = shown.filter((message) => !message.thread_ts || message.thread_ts === message.ts);
  const last = tops.at(-1);
  const foot = useFoot(last?.ts ?? "", last?.user === me.id || last?.ephemeral_for === me.id);
  return (
    <div className="conversation">
      <header className="slack-head">
        <button type="button" className="icon-button drawer-button" aria-label={say("slack.channels")} onClick={openDrawer} data-testid="slack-drawer"><Icon name="menu" /></button>
        {channel.direct ? <Avatar id="bot" name={channel.name} bot size="s" /> : <Icon name="hash" size={18} />}
        <h2>{channel.name}</h2>
        {channel.topic && <span className="slack-topic">{channel.topic}</span>}
        <span className="slack-members" title={say("slack.members")}><Icon name="people" size={17} />{channel.members.length}<span className="hidden">{say("slack.members")}</span></span>
      </header>
      <div className="messages" ref={foot} role="log" aria-live="polite" aria-label={called(channel)} tabIndex={0} data-testid="slack-messages">
        <div className="messages-start">
          <strong>{called(channel)}</strong>
          <p>{say(channel.direct ? "slack.start.direct" : "slack.start")}</p>
        </div>
        <Rows me={me} channel={channel} rows={tops} shown={shown} />
      </div>
      <Write me={me} channel={channel.id} label={say("slack.write", { name: called(channel) })} />
    </div>
  );
}

// called is how a channel is spoken of.
const called = (channel: Channel) => (channel.direct ? channel.name : `#${channel.name}`);

interface RowsProps {
  me: Staff;
  channel: Channel;
  rows: SlackMessage[];
  shown: SlackMessage[];
}

function Rows({ me, channel, rows, shown }: RowsProps) {
  const { lang } = useTexts();
  const replies = useMemo(() => {
    const found = new Map<string, SlackMessage[]>();
    for (const message of shown) {
      if (!message.thread_ts || message.thread_ts === message.ts) continue;
      found.set(message.thread_ts, [...(found.get(message.thread_ts) ?? []), message]);
    }
    return found;
  }, [shown]);
  let day = "";
  return (
    <>
      {rows.map((message) => {
        const now = format(stamp(message.ts), "day", lang);
        const fresh = now !== day;
        day = now;
        return (
          <div key={message.ts}>
            {fresh && <div className="slack-day"><span>{now}</span></div>}
            <Message me={me} channel={channel.id} message={message} />
            {!message.ephemeral_for && <Replies message={message} replies={replies.get(message.ts)} />}
          </div>
        );
      })}
    </>
  );
}

// Replies is the way into a thread: how many answers it has and when the last one came. What only one person sees is no
// answer, but lets that person see the way.
function Replies({ message, replies }: { message: SlackMessage; replies?: SlackMessage[] }) {
  const say = useSay();
  const { lang } = useTexts();
  const { choose, thread } = useChoice();
  const answers = (replies ?? []).filter((one) => !one.ephemeral_for);
  const last = answers.at(-1);
  const open = thread === message.ts;
  return (
    <button type="button" className={replies ? "replies" : "replies replies-none"} aria-expanded={open} data-testid={`slack-thread-${message.ts}`} onClick={() => choose({ thread: open ? "" : message.ts })}>
      {last ? (
        <>
          <strong>{say("slack.replies", { n: answers.length })}</strong>
          <span>{say("slack.last", { at: format(stamp(last.ts), "time", lang) })}</span>
        </>
      ) : (
        <>
          <Icon name="talk" size={15} />
          <span>{say("slack.reply")}</span>
        </>
      )}
    </button>
  );
}
