// share returns next, but keeps from before every part that is equal, so that what did not change is not drawn again.
export function share<T>(before: T, next: T): T {
  if (Object.is(before, next)) return before;
  if (Array.isArray(before) && Array.isArray(next)) return shareArray(before, next) as T;
  if (isObject(before) && isObject(next)) return shareObject(before, next) as T;
  return next;
}

function shareArray(before: unknown[], next: unknown[]): unknown[] {
  const merged = next.map((value, i) => (i < before.length ? share(before[i], value) : value));
  const same = before.length === merged.length && merged.every((value, i) => value === before[i]);
  return same ? before : merged;
}

function shareObject(before: Record<string, unknown>, next: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(before).length;
  const merged: Record<string, unknown> = {};
  for (const key of keys) {
    merged[key] = key in before ? share(before[key], next[key]) : next[key];
    same &&= key in before && merged[key] === before[key];
  }
  return same ? before : merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
