import type { Fault, Harm } from './fault.ts';

/** The faults that wait for requests of one listener. */
export interface FaultPlan {
  /** Adds a fault behind the others; the answer takes it away again. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The first fault that meets this request, counted as used. */
  take(request: { readonly method: string; readonly target: string }): Harm | undefined;
}

/** Makes an empty plan. `chance` gives numbers in [0, 1). */
export function createFaultPlan(chance: () => number): FaultPlan {
  const waiting = new Map<Fault, { skip: number; times: number }>();
  return {
    add(fault) {
      // The same object may be added twice, so each gets a key of its own.
      const own = { ...fault };
      waiting.set(own, { skip: fault.skip ?? 0, times: fault.times ?? 1 });
      return () => void waiting.delete(own);
    },
    clear: () => waiting.clear(),
    take({ method, target }) {
      for (const [fault, left] of waiting) {
        if (fault.method && fault.method.toUpperCase() !== method) continue;
        if (fault.path && !target.includes(fault.path)) continue;
        if (left.skip > 0) {
          left.skip--;
          continue;
        }
        if (fault.chance !== undefined && chance() >= fault.chance) continue;
        if (--left.times <= 0) waiting.delete(fault);
        return fault;
      }
      return undefined;
    },
  };
}
