import { useCallback, useEffect, useRef } from "react";

// useFoot keeps a list at its newest line when something is added, but leaves one who has scrolled up where they read,
// unless what was added is their own.
export function useFoot(mark: string, own: boolean) {
  const area = useRef<HTMLDivElement | null>(null);
  const near = useRef(true);
  const toFoot = useCallback(() => {
    const element = area.current;
    if (element && near.current) element.scrollTop = element.scrollHeight;
  }, []);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const scrolled = () => {
      near.current = element.scrollHeight - element.scrollTop - element.clientHeight < 160;
    };
    const watch = new ResizeObserver(toFoot);
    for (const child of element.children) watch.observe(child);
    watch.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, [mark, toFoot]);
  useEffect(() => {
    near.current ||= own;
    toFoot();
  }, [mark, own, toFoot]);
  return area;
}
