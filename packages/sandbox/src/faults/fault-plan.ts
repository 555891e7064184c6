import type { FaultEffect, InjectedFault } from './fault.ts';

/** The pending faults of one listener. */
export interface FaultPlan {
  /** Adds a fault after the pending ones. Returns a function that removes it. */
  add(fault: InjectedFault): () => void;
  /** Removes all faults. */
  clear(): void;
  /** The first fault that applies to the request; it counts as used. */
  take(request: { readonly method: string; readonly target: string }): FaultEffect | undefined;
}

/** Creates an empty plan. `nextRandom` returns numbers in [0, 1). */
export function createFaultPlan(nextRandom: () => number): FaultPlan {
  const pending = new Map<InjectedFault, { skip: number; times: number }>();
  return {
    add(fault) {
      // The same object can be added twice, so each entry gets its own key.
      const entry = { ...fault };
      pending.set(entry, { skip: fault.skip ?? 0, times: fault.times ?? 1 });
      return () => void pending.delete(entry);
    },
    clear: () => pending.clear(),
    take({ method, target }) {
      for (const [fault, remaining] of pending) {
        if (fault.method && fault.method.toUpperCase() !== method) continue;
        if (fault.path && !target.includes(fault.path)) continue;
        if (remaining.skip > 0) {
          remaining.skip--;
          continue;
        }
        if (fault.probability !== undefined && nextRandom() >= fault.probability) continue;
        if (--remaining.times <= 0) pending.delete(fault);
        return fault;
      }
      return undefined;
    },
  };
}
