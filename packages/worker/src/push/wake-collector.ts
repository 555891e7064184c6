import type { Clock } from 'dynamics365-connector';

/** A webhook that was received. */
export interface ReceivedWake {
  readonly feed: string;
  readonly subscriptions: readonly string[];
  /** The row of a Delete. */
  readonly deletedId?: string;
}

/** The webhooks of one feed that came together. */
export interface CollectedWake {
  readonly feed: string;
  readonly subscriptions: readonly string[];
  readonly deletedIds: readonly string[];
}

export interface WakeCollectorOptions {
  readonly clock: Clock;
  /** Called once for webhooks that come together. */
  readonly wake: (wake: CollectedWake) => Promise<void>;
  readonly quietMs?: number;
  readonly maxWaitMs?: number;
}

/** A bulk write sends a webhook for each of its rows: they are waited for, but not for long. */
const defaultQuietMs = 100;
const defaultMaxWaitMs = 1000;

interface PendingWake {
  readonly firstAt: number;
  lastAt: number;
  readonly subscriptions: Set<string>;
  readonly deletedIds: Set<string>;
}

/**
 * Collects webhooks: those of one feed that follow each other within `quietMs` are one wake, which comes `maxWaitMs` after
 * the first of them at the latest.
 */
export function createWakeCollector({
  clock,
  wake,
  quietMs = defaultQuietMs,
  maxWaitMs = defaultMaxWaitMs,
}: WakeCollectorOptions): (received: ReceivedWake) => void {
  const pending = new Map<string, PendingWake>();
  const waitForQuiet = async (feed: string, each: PendingWake) => {
    for (;;) {
      const waitMs = Math.min(each.lastAt + quietMs, each.firstAt + maxWaitMs) - clock.now();
      if (waitMs <= 0) break;
      await clock.sleep(waitMs);
    }
    pending.delete(feed);
    await wake({ feed, subscriptions: [...each.subscriptions], deletedIds: [...each.deletedIds] });
  };
  return ({ feed, subscriptions, deletedId }) => {
    const now = clock.now();
    const known = pending.get(feed);
    const each = known ?? { firstAt: now, lastAt: now, subscriptions: new Set(), deletedIds: new Set() };
    each.lastAt = now;
    for (const id of subscriptions) each.subscriptions.add(id);
    if (deletedId !== undefined) each.deletedIds.add(deletedId);
    if (known !== undefined) return;
    pending.set(feed, each);
    void waitForQuiet(feed, each);
  };
}
