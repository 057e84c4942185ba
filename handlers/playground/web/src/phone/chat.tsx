import { memo } from "react";
import { useSection } from "../live";
import { line, type Refusal } from "../post";
import { known, useSay, useTexts } from "../texts";
import { format } from "../time";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { useFoot } from "../ui/foot";
import { Menu } from "../ui/menu";
import { useAsk } from "../ui/toast";
import type { ChatEntry, Person } from "../wire";
import { Message } from "./message";
import { QuickReplies } from "./quickreply";

// Chat is the talk itself, oldest first, kept at its newest line.
export function Chat({ person, entries, friend }: { person: Person; entries: ChatEntry[]; friend: boolean }) {
  const say = useSay();
  const { lang } = useTexts();
  const loading = useSection("loading")[person.id] === true;
  const last = entries.at(-1);
  const foot = useFoot(`${last?.seq ?? 0}/${loading}/${friend}/${person.blocked}`, last?.from === "person");
  return (
    <div className="chat" ref={foot} tabIndex={0} role="log" aria-live="polite" aria-label={say("phone.talk", { name: person.name })} data-testid="line-chat">
      {entries.map((entry, i) => (
        <Day key={entry.seq} at={entry.at} before={entries[i - 1]?.at} lang={lang}>
          <Entry entry={entry} person={person.id} follows={entries[i - 1]?.from === "desk" && entry.from === "desk"} />
        </Day>
      ))}
      {loading && <Typing />}
      {last && <QuickReplies entry={last} />}
      {!friend && <Notice title={say("phone.newcomer", { name: person.name })} words={say("phone.newcomer.words")} button={say("phone.follow")} testid="line-follow" ask={() => line({ person: person.id, do: "follow" })} />}
      {person.blocked && <Notice title={say("phone.blocked.title")} words={say("phone.blocked.words")} button={say("phone.unblock")} testid="line-unblock" ask={() => line({ person: person.id, do: "unblock" })} />}
    </div>
  );
}

function Day({ at, before, lang, children }: { at: string; before?: string; lang: "ja" | "en"; children: React.ReactNode }) {
  const day = format(new Date(at), "day", lang);
  const fresh = before === undefined || format(new Date(before), "day", lang) !== day;
  return (
    <>
      {fresh && day && <div className="chat-day"><span>{day}</span></div>}
      {children}
    </>
  );
}

interface EntryProps {
  entry: ChatEntry;
  person: string;
  follows: boolean;
}

// Entry is one line of the talk with its time; an entry with nothing but a note is a line of the phone's own.
const Entry = memo(function Entry({ entry, person, follows }: EntryProps) {
  const say = useSay();
  const { lang } = useTexts();
  const at = format(new Date(entry.at), "time", lang);
  const key = `note.${entry.note}`;
  const note = entry.note && <div className="chat-note">{known(key) ? say(key) : entry.note}</div>;
  if (entry.unsent) return <div className="chat-note">{say("phone.unsent")}</div>;
  if (!entry.message && entry.text === undefined && !entry.file) return <>{note}</>;
  const wide = entry.message?.type === "flex" || entry.message?.type === "template";
  return (
    <>
      <div className={`entry entry-${entry.from}${wide ? " entry-wide" : ""}`} data-testid={`line-entry-${entry.from}`}>
        {entry.from === "desk" && (follows ? <span className="avatar-gap" /> : <Avatar id="desk" name="" bot size="s" />)}
        <Message entry={entry} />
        <span className="entry-side">
          {entry.from === "person" && <Unsend entry={entry} person={person} />}
          <time dateTime={entry.at}>{at}</time>
        </span>
      </div>
      {note}
    </>
  );
});

function Unsend({ entry, person }: { entry: ChatEntry; person: string }) {
  const say = useSay();
  const ask = useAsk();
  const id = entry.message?.id;
  if (!id) return null;
  const item = {
    id: "unsend",
    label: say("phone.unsend"),
    run: () => void ask(line({ person, do: "unsend", message_id: id })),
    danger: true,
    testid: "line-unsend",
  };
  return (
    <Menu label={say("phone.message.menu")} items={[item]} className="entry-more" testid="line-message-menu" left>
      <Icon name="more" size={16} />
    </Menu>
  );
}

function Typing() {
  const say = useSay();
  return (
    <div className="entry entry-desk" data-testid="line-loading">
      <Avatar id="desk" name="" bot size="s" />
      <div className="bubble bubble-desk typing" role="img" aria-label={say("phone.loading")}><i /><i /><i /></div>
    </div>
  );
}

interface NoticeProps {
  title: string;
  words: string;
  button: string;
  testid: string;
  ask: () => Promise<Refusal>;
}

function Notice({ title, words, button, testid, ask }: NoticeProps) {
  const tell = useAsk();
  return (
    <div className="notice">
      <strong>{title}</strong>
      <p>{words}</p>
      <button type="button" className="notice-button" data-testid={testid} onClick={() => void tell(ask())}>{button}</button>
    </div>
  );
}
