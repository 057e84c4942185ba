import { createContext, useContext, useMemo, useState, type ReactNode } from "react";

export type Tab = "phone" | "slack" | "record";
export type Place = { kind: "channel"; id: string } | { kind: "home" };

// Choice is what the one who watches has chosen to look at: whose phone, whose Slack, which place in it.
export interface Choice {
  person: string;
  staff: string;
  place: Place | null;
  thread: string;
  tab: Tab;
  dock: boolean;
}

interface Chooser extends Choice {
  choose: (change: Partial<Choice>) => void;
}

const Chosen = createContext<Chooser | null>(null);

const first: Choice = {
  person: "",
  staff: "",
  place: null,
  thread: "",
  tab: "phone",
  dock: window.innerHeight >= 1040,
};

export function ChoiceProvider({ children }: { children: ReactNode }) {
  const [choice, set] = useState(first);
  const value = useMemo(
    () => ({ ...choice, choose: (change: Partial<Choice>) => set((now) => ({ ...now, ...change })) }),
    [choice],
  );
  return <Chosen.Provider value={value}>{children}</Chosen.Provider>;
}

export function useChoice(): Chooser {
  const chosen = useContext(Chosen);
  if (!chosen) throw new Error("useChoice outside ChoiceProvider");
  return chosen;
}
