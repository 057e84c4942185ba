const hues = ["a", "b", "c", "d", "e", "f"] as const;

// Avatar is a coloured initial; the colour follows from the id, so a person keeps it.
export function Avatar({ id, name, size = "m", bot }: { id: string; name: string; size?: "s" | "m" | "l"; bot?: boolean }) {
  const hue = bot ? "bot" : hues[sum(id) % hues.length];
  return (
    <span className={`avatar avatar-${size} hue-${hue}`} aria-hidden="true">
      {bot ? <Knot /> : initial(name)}
    </span>
  );
}

// Knot is the desk's own mark: two rings that hold each other.
export function Knot() {
  return (
    <svg viewBox="0 0 24 24" width="62%" height="62%" className="icon knot">
      <path d="M13.500 8.500a5 5 0 1 0 0 7M10.500 15.500a5 5 0 1 0 0-7" />
    </svg>
  );
}

const initial = (name: string) => [...name.trim()][0] ?? "?";

function sum(id: string): number {
  let hash = 2166136261;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return (hash ^ (hash >>> 13)) >>> 0;
}
