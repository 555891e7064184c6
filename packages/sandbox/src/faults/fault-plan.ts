import type { FaultEffect, InjectedFault } from './fault.ts';

/** The faults that wait for requests of one listener. */
export interface FaultPlan {
  /** Adds a fault behind the others; the answer takes it away again. */
  add(fault: InjectedFault): () => void;
  clear(): void;
  /** The first fault that meets this request, counted as used. */
  take(request: { readonly method: string; readonly target: string }): FaultEffect | undefined;
}

/** Makes an empty plan. `chance` gives numbers in [0, 1). */
export function createFaultPlan(nextRandom: () => number): FaultPlan {
  const pending = new Map<InjectedFault, { skip: number; times: number }>();
  return {
    add(fault) {
      // The same object may be added twice, so each gets a key of its own.
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
