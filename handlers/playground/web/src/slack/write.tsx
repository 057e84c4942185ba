import { useRef, useState } from "react";
import { useSection } from "../live";
import { encode, slack } from "../post";
import { useSay, type Key } from "../texts";
import { useGrow } from "../ui/grow";
import { Icon } from "../ui/icons";
import { useAsk, useToast } from "../ui/toast";
import type { Staff } from "../wire";
import { commandIn, type Typed } from "./command";

interface WriteProps {
  me: Staff;
  channel: string;
  thread?: string;
  label: string;
}

const commands = ["", " list", " list overdue", " help"];

// Write posts to the channel or thread; what begins with a slash is a command, which Slack does not take in threads.
export function Write({ me, channel, thread, label }: WriteProps) {
  const say = useSay();
  const ask = useAsk();
  const toast = useToast();
  const command = useSection("desk").command || "/desk";
  const [text, setText] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const slashed = commandIn(text, command);
  useGrow(area, text, 140);
  const send = async () => {
    const words = text.trim();
    if (!words) return;
    const typed = commandIn(words, command);
    if (typed && thread) return toast(say("slack.nothread", { command }));
    if (typed && !typed.ours) return toast(say("slack.nocommand", { command }));
    setText("");
    const sent = typed
      ? slack({ user: me.id, do: "command", channel, text: typed.line })
      : slack({ user: me.id, do: "say", channel, thread_ts: thread, text: words });
    if (!(await ask(sent))) setText((now) => now || words);
  };
  const attach = async (chosen: File) => void (await ask(slack({ user: me.id, do: "upload", channel, thread_ts: thread, file: await encode(chosen) })));
  return (
    <form
      className="say"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {slashed && !thread && (
        <div className="say-hints" role="group" aria-label={say("slack.commands")}>
          {commands.map((rest) => (
            <button key={rest} type="button" onClick={() => { setText(command + rest); area.current?.focus(); }}>{command + rest}</button>
          ))}
        </div>
      )}
      <textarea
        ref={area}
        rows={1}
        value={text}
        placeholder={label}
        aria-label={label}
        data-testid={thread ? "slack-thread-input" : "slack-input"}
        onChange={(event) => setText(event.target.value === "\n" ? "" : event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <div className="say-foot">
        <button type="button" className="icon-button" aria-label={say("slack.attach")} title={say("slack.attach")} onClick={() => file.current?.click()}><Icon name="plus" size={18} /></button>
        {!thread && <button type="button" className="say-slash" data-testid="slack-slash" onClick={() => { setText(`${command} `); area.current?.focus(); }}>{command}</button>}
        <span className="say-hint">{say(hint(slashed, thread), { command })}</span>
        <button type="submit" className="say-send" aria-label={say("send")} title={say("send")} disabled={!text.trim()} data-testid={thread ? "slack-thread-send" : "slack-send"}><Icon name="send" size={17} /></button>
      </div>
      <input ref={file} type="file" className="hidden" tabIndex={-1} aria-label={say("slack.attach")} onChange={(event) => {
        const chosen = event.target.files?.[0];
        if (chosen) void attach(chosen);
        event.target.value = "";
      }} />
    </form>
  );
}

// hint says what Enter would do with what is written.
function hint(typed: Typed | null, thread?: string): Key {
  if (!typed) return "slack.hint";
  if (thread) return "slack.nothread";
  if (!typed.may) return "slack.nocommand";
  return typed.full ? "slack.hint.full" : "slack.hint.command";
}
