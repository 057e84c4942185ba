import { known, type Say } from "../texts";
import type { IconName } from "../ui/icons";

export type Kind = "waiting" | "done" | "dead";

const kinds: Record<string, Kind> = { pending: "waiting", leased: "waiting", sent: "done", dropped: "done", dead: "dead" };

// kindOf sorts a delivery's state into waiting, done or dead; what is not known waits.
export const kindOf = (state: string): Kind => kinds[state] ?? "waiting";

export const signOf: Record<Kind, IconName> = { waiting: "clock", done: "check", dead: "alert" };

// kindWords says what a delivery is; a kind without words is shown by its own.
export function kindWords(kind: string, say: Say): string {
  const key = `kind.${kind}`;
  return known(key) ? say(key) : kind;
}

export function stateWords(state: string, say: Say): string {
  const key = `delivery.${state}`;
  return known(key) ? say(key) : state;
}
