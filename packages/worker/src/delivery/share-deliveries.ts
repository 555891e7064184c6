import type { DeliveryLimits } from '../worker-store.ts';

/** A target with due events. */
export interface DueTarget {
  readonly name: string;
  /** The number of its due events, counted up to the places of one target. */
  readonly due: number;
  /** It failed and its block has ended: one event tests whether it works again. */
  readonly probe: boolean;
}

/** How many events of a target a worker may claim now. */
export interface TargetShare {
  readonly name: string;
  readonly maxCount: number;
}

/** The most concurrent deliveries to a target before its first success. */
export const firstPlaces = 16;
const minFirstPlaces = 2;

/**
 * Divides the free places of a worker between targets. The first places of a target are its part of one half of all
 * places, at most 16; it gets more with its successes, and never more than stay free. So targets that hang do not use
 * all places. A target without deliveries gets one while there is any.
 *
 * @param targets in the order in which they are served
 */
export function shareDeliveries(
  targets: readonly DueTarget[],
  { maxDeliveries, maxPerTarget, inFlight, proved }: DeliveryLimits,
): readonly TargetShare[] {
  const active = new Set([...inFlight.keys(), ...targets.map(({ name }) => name)]).size;
  const first = Math.max(minFirstPlaces, Math.min(firstPlaces, Math.floor(maxDeliveries / 2 / active)));
  let free = maxDeliveries - [...inFlight.values()].reduce((sum, count) => sum + count, 0);
  const shares: TargetShare[] = [];
  for (const { name, due, probe } of targets) {
    if (free <= 0) break;
    const running = inFlight.get(name) ?? 0;
    const fair = Math.max(Math.floor((free - running) / 2), running === 0 ? 1 : 0);
    const places = Math.min(proved.get(name) ?? first, maxPerTarget);
    const maxCount = probe ? (running === 0 ? 1 : 0) : Math.min(due, fair, places - running);
    if (maxCount <= 0) continue;
    shares.push({ name, maxCount });
    free -= maxCount;
  }
  return shares;
}
