import { useCallback, useRef, useState } from "react";
import { live } from "../live";

const patience = 1000;

// useOnce lets one press be under way at a time: until it is answered and the workspace shows what came of it, which mostly
// is another view. busy names it.
export function useOnce() {
  const under = useRef(false);
  const [busy, setBusy] = useState("");
  const once = useCallback(async (name: string, send: () => Promise<boolean>, view: boolean) => {
    if (under.current) return;
    under.current = true;
    setBusy(name);
    const shown = view ? changed() : Promise.resolve();
    if (await send()) await shown;
    under.current = false;
    setBusy("");
  }, []);
  return { busy, once };
}

// changed comes with the next change of the views, or after a moment if there is none: not every press makes one.
function changed(): Promise<void> {
  return new Promise((done) => {
    const leave = live.watch((before, now) => (before.views !== now.views || before.home !== now.home) && end());
    const timer = window.setTimeout(() => end(), patience);
    const end = () => {
      leave();
      window.clearTimeout(timer);
      done();
    };
  });
}
