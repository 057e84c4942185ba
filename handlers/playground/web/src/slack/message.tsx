import { memo, useMemo } from "react";
import { useSection } from "../live";
import { useSay, useTexts } from "../texts";
import { format, stamp } from "../time";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { bytes } from "../phone/message";
import type { SlackMessage, Staff } from "../wire";
import { Blocks } from "./blocks";
import { FormProvider } from "./elements/form";
import { Mrkdwn } from "./mrkdwn";
import { useBlocks } from "./useform";

interface MessageProps {
  me: Staff;
  channel: string;
  message: SlackMessage;
}

const none: Record<string, string> = {};

// Message is one post with its author, its time, and what it carries.
export const Message = memo(function Message({ me, channel, message }: MessageProps) {
  const say = useSay();
  const { lang } = useTexts();
  const author = useAuthor(message);
  const at = stamp(message.ts);
  return (
    <article className={message.ephemeral_for ? "post post-ephemeral" : "post"} data-testid={`slack-message-${message.ts}`} aria-label={author.name}>
      <Avatar id={author.id} name={author.name} bot={author.bot} size="m" />
      <div className="post-body">
        {message.ephemeral_for && <p className="post-only"><Icon name="eye" size={14} />{say("slack.only")}</p>}
        <p className="post-head">
          <strong>{author.name}</strong>
          {author.bot && <span className="app">{say("slack.app")}</span>}
          <time dateTime={at.toISOString()}>{format(at, "time", lang)}</time>
        </p>
        <Content me={me} channel={channel} message={message} />
        {message.edited && <small className="quiet">{say("slack.edited")}</small>}
      </div>
    </article>
  );
});

function Content({ me, channel, message }: MessageProps) {
  const say = useSay();
  const blocks = useMemo(() => message.blocks ?? [], [message.blocks]);
  const where = { user: me.id, channel, ts: message.ts, thread_ts: message.thread_ts };
  const form = useBlocks(blocks, where, none);
  return (
    <FormProvider value={form}>
      {blocks.length > 0 ? <Blocks blocks={blocks} /> : message.text ? <Mrkdwn text={message.text} /> : null}
      {message.files?.map((file, i) => (
        <div key={i} className="post-file" data-testid="slack-file">
          <Icon name={file.mimetype?.startsWith("image/") ? "image" : "file"} size={24} />
          <span><strong>{file.gone ? say("slack.file.gone") : file.name}</strong>{file.size ? <small>{bytes(file.size)}</small> : null}</span>
        </div>
      ))}
    </FormProvider>
  );
}

function useAuthor(message: SlackMessage) {
  const staff = useSection("staff");
  const desk = useSection("desk");
  const human = staff.find((one) => one.id === message.user);
  if (human && !message.bot) return { id: human.id, name: human.name, bot: false };
  if (message.bot || !message.user) return { id: "bot", name: desk.bot, bot: true };
  return { id: message.user, name: message.user, bot: false };
}
