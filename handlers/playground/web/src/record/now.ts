import { useEffect, useMemo, useState } from "react";
import { useSection } from "../live";

// useNow is the desk's time: the clock of the backend as last told, gone on since by this browser's own.
export function useNow(): Date {
  const clock = useSection("clock");
  const told = useMemo(() => ({ at: Date.parse(clock.now) || Date.now(), heard: performance.now() }), [clock]);
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => tick((n) => n + 1), 5000);
    return () => window.clearInterval(timer);
  }, []);
  return new Date(told.at + performance.now() - told.heard);
}
