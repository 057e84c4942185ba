const stops = "a[href], button, input, select, textarea, [tabindex]";

// goRound keeps Tab within a dialog: from its last part it leads to the first, and back.
export function goRound(event: React.KeyboardEvent<HTMLElement>) {
  if (event.key !== "Tab") return;
  const parts = [...event.currentTarget.querySelectorAll<HTMLElement>(stops)].filter((one) => one.tabIndex >= 0 && !one.matches(":disabled") && one.checkVisibility());
  const at = parts.indexOf(document.activeElement as HTMLElement);
  const to = event.shiftKey ? parts.at(-1) : parts[0];
  if (event.shiftKey ? at > 0 : at >= 0 && at < parts.length - 1) return;
  event.preventDefault();
  to?.focus();
}

// stay leaves the focus where it is when what is pressed is the ground beside a dialog.
export function stay(event: React.MouseEvent<HTMLElement>) {
  if (event.target === event.currentTarget) event.preventDefault();
}
