import type { FeedWake } from 'dynamics365-connector/host';

/** Hints that rows have changed, from the input of a trigger node, until a poll takes them. */
export interface TriggerWakes {
  /** @param deletedId a row that may have been deleted */
  add(deletedId?: string): void;
  /** The hints since the last call; undefined if there were none. */
  take(): FeedWake | undefined;
  readonly isPending: boolean;
  /** Aborts with the first hint after the last `take`. */
  readonly signal: AbortSignal;
}

export function createTriggerWakes(): TriggerWakes {
  let arrived = new AbortController();
  let deletedIds = new Set<string>();
  return {
    add(deletedId) {
      if (deletedId !== undefined) deletedIds.add(deletedId);
      arrived.abort();
    },
    take() {
      if (!arrived.signal.aborted) return undefined;
      const taken = { deletedIds: [...deletedIds] };
      arrived = new AbortController();
      deletedIds = new Set();
      return taken;
    },
    get isPending() {
      return arrived.signal.aborted;
    },
    get signal() {
      return arrived.signal;
    },
  };
}
