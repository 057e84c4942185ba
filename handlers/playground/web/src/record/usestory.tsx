import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { useSection } from "../live";
import { story } from "../post";
import { useAsk } from "../ui/toast";
import type { Story } from "../wire";
import { useFollow } from "./follow";

interface Player {
  stories: Story[];
  chosen: Story | undefined;
  busy: boolean;
  played: boolean; // on this page, so that whoever looks at one side alone needs the way on there
  pick: (id: string) => void;
  play: (what: "next" | "all" | "reset") => void;
}

const Playing = createContext<Player | null>(null);

// StoryProvider knows which story is chosen and plays it; while it plays, the page looks where things happen.
export function StoryProvider({ children }: { children: ReactNode }) {
  const ask = useAsk();
  const stories = useSection("stories");
  const [id, pick] = useState("");
  const [busy, setBusy] = useState(false);
  const [played, setPlayed] = useState(false);
  const chosen = stories.find((one) => one.id === id) ?? stories.find((one) => !one.done) ?? stories[0];
  const follow = useFollow();
  const value = useMemo(() => {
    const play = async (what: "next" | "all" | "reset") => {
      if (!chosen || busy) return;
      pick(chosen.id);
      setBusy(true);
      setPlayed(what !== "reset");
      const stop = follow();
      await ask(story({ id: chosen.id, do: what }));
      setBusy(false);
      stop();
    };
    return { stories, chosen, busy, played, pick, play };
  }, [ask, busy, chosen, follow, played, stories]);
  return <Playing.Provider value={value}>{children}</Playing.Provider>;
}

export function useStory(): Player {
  const player = useContext(Playing);
  if (!player) throw new Error("useStory outside StoryProvider");
  return player;
}
