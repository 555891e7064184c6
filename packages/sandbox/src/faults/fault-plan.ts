import type { FaultMatch, FaultSchedule, InjectedFault } from './fault.ts';

/** A request that a fault can apply to. */
export interface FaultTarget {
  readonly method: string;
  readonly target: string;
}

/** Pending faults: of the requests of one listener, or of other events. */
export interface FaultPlan<Fault extends FaultSchedule = InjectedFault, Event = FaultTarget> {
  /** Adds a fault after the pending ones. Returns a function that removes it. */
  add(fault: Fault): () => void;
  /** Removes all faults. */
  clear(): void;
  /** The first fault that applies to the event; it counts as used. */
  take(event: Event): Fault | undefined;
}

/** Creates an empty plan of faults of requests. `nextRandom` returns numbers in [0, 1). */
export const createRequestFaultPlan = (nextRandom: () => number): FaultPlan =>
  createFaultPlan<InjectedFault, FaultTarget>(nextRandom, appliesToRequest);

function appliesToRequest(fault: FaultMatch, { method, target }: FaultTarget): boolean {
  if (fault.method && fault.method.toUpperCase() !== method) return false;
  return !fault.path || target.includes(fault.path);
}

/** Creates an empty plan. `nextRandom` returns numbers in [0, 1). */
export function createFaultPlan<Fault extends FaultSchedule, Event>(
  nextRandom: () => number,
  applies: (fault: Fault, event: Event) => boolean,
): FaultPlan<Fault, Event> {
  const pending = new Map<Fault, { skip: number; times: number }>();
  return {
    add(fault) {
      // The same object can be added twice, so each entry gets its own key.
      const entry = { ...fault };
      pending.set(entry, { skip: fault.skip ?? 0, times: fault.times ?? 1 });
      return () => void pending.delete(entry);
    },
    clear: () => pending.clear(),
    take(event) {
      for (const [fault, remaining] of pending) {
        if (!applies(fault, event)) continue;
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
