import { known, type Say } from "../texts";
import type { IconName } from "../ui/icons";

export type Kind = "waiting" | "done" | "dead" | "doubt";

const kinds: Record<string, Kind> = {
  waiting: "waiting", ready: "waiting", pending: "waiting", queued: "waiting", leased: "waiting", sending: "waiting", retry: "waiting",
  sent: "done", delivered: "done", done: "done", cancelled: "done", skipped: "done",
  dead: "dead", parked: "dead", failed: "dead", undeliverable: "dead",
  doubtful: "doubt", unsure: "doubt",
};

// kindOf sorts a delivery's state into waiting, done, dead or in doubt; what is not known waits.
export const kindOf = (state: string): Kind => kinds[state] ?? "waiting";

export const signOf: Record<Kind, IconName> = { waiting: "clock", done: "check", dead: "alert", doubt: "help" };

export function stateWords(state: string, say: Say): string {
  const key = `delivery.${state}`;
  return known(key) ? say(key) : state;
}
