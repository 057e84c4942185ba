import type { Json, State } from "./wire";

// What the page asks of the backend. Each returns what was refused, or null when it was accepted.

// Refusal is a text of the page, refused.<error>, or words as they are; why says more.
export type Refusal = { error: string; why?: string } | null;

export interface LineDo {
  person: string;
  do: "follow" | "block" | "unblock" | "text" | "postback" | "sticker" | "location" | "file" | "unsend";
  text?: string;
  data?: string;
  display_text?: string;
  params?: Record<string, Json>;
  message_id?: string;
  file?: { name: string; type: string; base64: string };
}

export interface SlackDo {
  user: string;
  do: "command" | "press" | "submit" | "close" | "say" | "home" | "upload";
  channel?: string;
  ts?: string;
  thread_ts?: string;
  text?: string;
  action_id?: string;
  block_id?: string;
  value?: string;
  values?: State;
  view_id?: string;
  clear?: boolean;
  file?: { name: string; type: string; base64: string };
}

export const line = (body: LineDo) => post("line", body);
export const slack = (body: SlackDo) => post("slack", body);
export const clock = (body: { add_seconds?: number; to?: string }) => post("clock", body);
export const fault = (body: { id: string; on: boolean }) => post("fault", body);
export const story = (body: { id: string; do: "next" | "all" | "reset" }) => post("story", body);

async function post(path: string, body: unknown): Promise<Refusal> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await refusal(answer);
  } catch {
    return { error: "unreachable" };
  }
}

async function refusal(answer: Response): Promise<Refusal> {
  const text = await answer.text();
  try {
    const said = JSON.parse(text) as { error?: string; why?: string };
    if (said.error) return { error: said.error, why: said.why };
  } catch {
    if (!answer.ok && text) return { error: text.slice(0, 300) };
  }
  return answer.ok ? null : { error: `HTTP ${answer.status}` };
}

// encode reads a chosen file as the base64 that the contract carries.
export async function encode(file: File): Promise<{ name: string; type: string; base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return { name: file.name, type: file.type || "application/octet-stream", base64: btoa(binary) };
}
