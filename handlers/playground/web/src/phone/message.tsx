import { Fragment } from "react";
import type { ChatEntry, FileInfo, LineMessage } from "../wire";
import { useSay, type Say } from "../texts";
import { Icon } from "../ui/icons";
import { Flex } from "./flex/flex";
import { Sticker } from "./sticker";
import { Template } from "./template";

// Message draws what one entry of the chat says, whoever said it.
export function Message({ entry }: { entry: ChatEntry }) {
  const say = useSay();
  const side = entry.from === "person" ? "bubble bubble-own" : "bubble bubble-desk";
  const message = entry.message;
  if (message?.type === "flex") return <Flex message={message} />;
  if (message?.type === "template") return <Template message={message} />;
  if (message?.type === "sticker") return <Sticker keyword={stickerName(message)} />;
  if (message?.type === "location") return <Location message={message} className={side} say={say} />;
  const file = entry.file ?? fileOf(message);
  if (file) return <FileBubble file={file} className={side} />;
  const text = message ? textOf(message) : entry.text;
  if (text === undefined) return <div className={side}>{say("phone.unknown", { type: message?.type ?? "" })}</div>;
  return <div className={`${side} bubble-text`}><Linked text={text} /></div>;
}

// textOf gives the words of a text message; in textV2 doubled braces are single ones.
function textOf(message: LineMessage): string | undefined {
  if (message.type === "text") return String(message.text ?? "");
  if (message.type === "textV2") return String(message.text ?? "").replace(/\{\{/g, "{").replace(/\}\}/g, "}");
  return undefined;
}

function fileOf(message: LineMessage | null): FileInfo | null {
  if (message?.type === "file") return { name: String(message.fileName ?? ""), size: Number(message.fileSize ?? 0) };
  const media: Record<string, string> = { image: "image", video: "video", audio: "audio" };
  return message && media[message.type] ? { name: message.type, type: media[message.type] } : null;
}

const stickerName = (message: LineMessage) =>
  String((message.keywords as string[] | undefined)?.[0] ?? message.text ?? message.stickerId ?? "");

function Location({ message, className, say }: { message: LineMessage; className: string; say: Say }) {
  return (
    <div className={`${className} bubble-location`}>
      <div className="map" aria-hidden="true"><Icon name="pin" size={26} /></div>
      <strong>{String(message.title ?? say("phone.location"))}</strong>
      <span>{String(message.address ?? "")}</span>
    </div>
  );
}

function FileBubble({ file, className }: { file: FileInfo; className: string }) {
  return (
    <div className={`${className} bubble-file`}>
      <Icon name={file.type?.startsWith("image") ? "image" : "file"} size={26} />
      <span><strong>{file.name}</strong>{file.size ? <small>{bytes(file.size)}</small> : null}</span>
    </div>
  );
}

export const bytes = (size: number) =>
  size >= 1 << 20 ? `${(size / (1 << 20)).toFixed(1)} MB` : size >= 1024 ? `${Math.round(size / 1024)} KB` : `${size} B`;

// Linked shows text with its web addresses as links, as the phone does.
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"「」、。)）]+)/);
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 1 ? <a key={i} href={part} target="_blank" rel="noopener noreferrer">{part}</a> : <Fragment key={i}>{part}</Fragment>,
      )}
    </>
  );
}
