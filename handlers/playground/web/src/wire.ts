// What the backend sends: the snapshot and its sections. LINE messages, Slack blocks and views arrive exactly as they
// went over the wire, so they are only described as far as the page reads them.

export interface Snapshot {
  desk: Desk;
  people: Person[];
  chats: Record<string, ChatEntry[]>;
  richMenu: RichMenu | null;
  loading: Record<string, boolean>;
  staff: Staff[];
  channels: Channel[];
  messages: Record<string, SlackMessage[]>;
  views: Record<string, View[]>;
  home: Record<string, View | null>;
  deliveries: Delivery[]; // the newest
  deliveryCounts: Record<string, number> | null; // by state, of all
  proposals: Proposal[];
  clock: Clock;
  faults: Fault[];
  stories: Story[];
  links: Record<string, string>;
}

export interface Desk {
  name: string;
  bot: string;
  workspace: string;
  command: string;
}

export interface Person {
  id: string;
  name: string;
  organization?: string;
  friend?: boolean;
  blocked?: boolean;
}

export interface ChatEntry {
  seq: number;
  at: string;
  from: "person" | "desk";
  message: LineMessage | null;
  text?: string;
  file?: FileInfo | null;
  unsent?: boolean;
  note?: string;
}

export interface FileInfo {
  name: string;
  type?: string;
  size?: number;
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

// A raw LINE object: message, container, component or action.
export type LineObject = { type: string; [key: string]: any };
export type LineMessage = LineObject & { id?: string; quickReply?: { items: { action: LineAction; imageUrl?: string }[] } };
export type LineAction = LineObject & { label?: string };

export interface RichMenu {
  size?: { width: number; height: number };
  chatBarText?: string;
  areas: { bounds: { x: number; y: number; width: number; height: number }; action: LineAction }[];
  image_url?: string;
}

export interface Staff {
  id: string;
  name: string;
  role: string;
}

export interface Channel {
  id: string;
  name: string;
  topic?: string;
  members: string[];
  direct?: boolean; // somebody's messages with the app
  unread?: number;
}

export type Block = { type: string; block_id?: string; [key: string]: any };
export type Element = { type: string; action_id?: string; [key: string]: any };

export interface SlackMessage {
  ts: string;
  thread_ts?: string;
  user?: string;
  bot?: string;
  text?: string;
  blocks?: Block[];
  edited?: boolean;
  deleted?: boolean;
  files?: { name: string; size?: number; mimetype?: string; url?: string; gone?: boolean }[];
  ephemeral_for?: string;
}

export interface View {
  id: string;
  type: string;
  title?: { text: string };
  submit?: { text: string } | null;
  close?: { text: string } | null;
  blocks: Block[];
  errors?: Record<string, string>;
}

export interface Delivery {
  id: string;
  lane: string;
  kind: string;
  state: string;
  tries: number;
  at: string;
  error?: string;
}

export interface Proposal {
  number: string;
  title: string;
  state: string;
  state_label: string;
  owner?: string;
  next_date?: string;
}

export interface Clock {
  now: string;
  offset_seconds: number;
}

export interface Fault {
  id: string;
  on: boolean;
  once?: boolean;
}

export interface Story {
  id: string;
  title: string;
  step: number;
  steps: string[];
  done?: boolean;
  failed?: string | boolean;
  running?: boolean;
}

// ElementState is the state of one input in Slack's shape; State is keyed by block_id and action_id.
export type ElementState = { type: string; [key: string]: any };
export type State = Record<string, Record<string, ElementState>>;

export const nothing: Snapshot = {
  desk: { name: "", bot: "", workspace: "", command: "/desk" },
  people: [],
  chats: {},
  richMenu: null,
  loading: {},
  staff: [],
  channels: [],
  messages: {},
  views: {},
  home: {},
  deliveries: [],
  deliveryCounts: null,
  proposals: [],
  clock: { now: "", offset_seconds: 0 },
  faults: [],
  stories: [],
  links: {},
};
