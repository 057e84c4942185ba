import { useLayoutEffect, type RefObject } from "react";

// useGrow makes a textarea as high as what is written in it, up to most pixels. What is not shown has no height to
// measure: it is measured as soon as it is shown, and again whenever its width changes.
export function useGrow(area: RefObject<HTMLTextAreaElement | null>, text: string, most: number) {
  useLayoutEffect(() => {
    if (area.current) fit(area.current, most);
  }, [area, text, most]);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    let width = element.clientWidth;
    let frame = 0;
    const watch = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => fit(element, most));
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [area, most]);
}

// fit counts the borders, which scrollHeight leaves out, and lets the area scroll only when it may not grow any more.
function fit(element: HTMLTextAreaElement, most: number) {
  element.style.height = "auto";
  if (element.clientWidth === 0) return;
  const whole = element.scrollHeight + element.offsetHeight - element.clientHeight;
  element.style.height = `${Math.min(whole, most)}px`;
  element.style.overflowY = whole > most ? "auto" : "hidden";
}
