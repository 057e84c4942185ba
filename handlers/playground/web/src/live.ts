import { useSyncExternalStore } from "react";
import { share } from "./share";
import { nothing, type Snapshot } from "./wire";

// Live holds the last known snapshot and keeps it current from the stream of server-sent events. The first event of a
// connection carries every section, later ones only what changed; a broken connection is taken up again by itself.
export class Live {
  snapshot: Snapshot = nothing;
  connected = false;
  arrived = false;
  private readers = new Set<() => void>();
  private watchers = new Set<(before: Snapshot, now: Snapshot) => void>();

  start() {
    const source = new EventSource("stream");
    source.onmessage = (event) => this.take(JSON.parse(event.data) as Partial<Snapshot>);
    source.onopen = () => this.connection(true);
    source.onerror = () => {
      this.connection(false);
      if (source.readyState === EventSource.CLOSED) window.setTimeout(() => this.start(), 2000);
    };
  }

  // subscribe and watch both follow the snapshot; a watcher is told what was there before.
  subscribe = (reader: () => void) => {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  };

  watch(watcher: (before: Snapshot, now: Snapshot) => void) {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  private take(sections: Partial<Snapshot>) {
    const before = this.snapshot;
    const now = { ...before };
    for (const key of Object.keys(sections) as (keyof Snapshot)[]) {
      const value = sections[key] ?? nothing[key];
      (now as Record<string, unknown>)[key] = share<unknown>(before[key], value);
    }
    this.snapshot = now;
    const first = !this.arrived;
    this.arrived = true;
    if (!first) this.watchers.forEach((watcher) => watcher(before, now));
    this.tell();
  }

  private connection(on: boolean) {
    this.connected = on;
    this.tell();
  }

  private tell() {
    this.readers.forEach((reader) => reader());
  }
}

export const live = new Live();

// useSection reads one section of the snapshot and draws again only when that section changed.
export function useSection<K extends keyof Snapshot>(key: K): Snapshot[K] {
  return useSyncExternalStore(live.subscribe, () => live.snapshot[key]);
}

export const useConnected = () => useSyncExternalStore(live.subscribe, () => live.connected);
export const useArrived = () => useSyncExternalStore(live.subscribe, () => live.arrived);
