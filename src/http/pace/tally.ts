import type { Reply } from '../passage.ts';
import { type Entry, merge, type Reading, slotEnd } from './budget.ts';
import { remaining } from './hints.ts';
import type { ServiceLimits } from './limits.ts';

/** What one limiter saw since its last report, and what it learned of the requests' cost. */
export interface Tally {
  /** A request was sent. */
  sent(now: number): void;
  /** It was over after so many milliseconds. */
  ended(now: number, latencyMs: number): void;
  /** An answer came. */
  answered(now: number, reply: Reply): void;
  /** What one request costs on the server, in the mean of late. */
  executionMs(): number;
  /** Hands over what was counted, and begins anew. */
  report(): { readonly spent: readonly Entry[]; readonly reading?: Reading };
}

const weightOfLast = 0.1;
const longestRoundTripMs = 100;

/**
 * Makes an empty tally. Nobody tells us the execution time of a request: it is taken as its latency without the
 * round trip, and the round trip as half of
 * the least latency seen, 100 ms at most.
 */
export function createTally(limits: ServiceLimits): Tally {
  let leastLatencyMs = Number.POSITIVE_INFINITY;
  let meanMs: number | undefined;
  let spent: Entry[] = [];
  let reading: Reading | undefined;
  const add = (now: number, requests: number, executionMs: number) => {
    const until = slotEnd(now);
    const last = spent.at(-1);
    if (last?.[0] !== until) spent.push([until, requests, executionMs]);
    else spent[spent.length - 1] = [until, last[1] + requests, last[2] + executionMs];
  };
  return {
    sent(now) {
      add(now, 1, 0);
    },
    ended(now, latencyMs) {
      leastLatencyMs = Math.min(leastLatencyMs, latencyMs);
      const roundTripMs = Math.min(leastLatencyMs / 2, longestRoundTripMs);
      const executionMs = Math.round(latencyMs - roundTripMs);
      meanMs = meanMs === undefined ? executionMs : meanMs + (executionMs - meanMs) * weightOfLast;
      add(now, 0, executionMs);
    },
    answered(now, reply) {
      const left = remaining(reply);
      if (left.requests === undefined && left.executionMs === undefined) return;
      reading = {
        at: now,
        requests: limits.requests - (left.requests ?? limits.requests),
        executionMs: Math.round(limits.executionMs - (left.executionMs ?? limits.executionMs)),
      };
    },
    executionMs: () => meanMs ?? 0,
    report() {
      const told = { spent: merge([], spent), ...(reading === undefined ? {} : { reading }) };
      spent = [];
      reading = undefined;
      return told;
    },
  };
}
