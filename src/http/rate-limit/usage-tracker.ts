import type { RawResponse } from '../pipeline-request.ts';
import { mergeUsage, slotEnd, type UsageEntry, type UsageReading } from './rate-budget.ts';
import { parseRemainingQuota } from './rate-limit-headers.ts';
import type { ServiceLimits } from './service-limits.ts';

/** What one limiter saw since its last report, and what it learned of the requests' cost. */
export interface UsageTracker {
  /** A request was sent. */
  recordSent(now: number): void;
  /** It was over after so many milliseconds. */
  recordEnded(now: number, latencyMs: number): void;
  /** An answer came. */
  recordResponse(now: number, reply: RawResponse): void;
  /** What one request costs on the server, in the mean of late. */
  meanExecutionMs(): number;
  /** Hands over what was counted, and begins anew. */
  takeReport(): { readonly spent: readonly UsageEntry[]; readonly reading?: UsageReading };
}

const weightOfLast = 0.1;
const maxRoundTripMs = 100;

/**
 * Makes an empty tally. Nobody tells us the execution time of a request: it is taken as its latency without the
 * round trip, and the round trip as half of
 * the least latency seen, 100 ms at most.
 */
export function createUsageTracker(limits: ServiceLimits): UsageTracker {
  let minLatencyMs = Number.POSITIVE_INFINITY;
  let meanMs: number | undefined;
  let spent: UsageEntry[] = [];
  let reading: UsageReading | undefined;
  const add = (now: number, requests: number, executionMs: number) => {
    const until = slotEnd(now);
    const last = spent.at(-1);
    if (last?.[0] !== until) spent.push([until, requests, executionMs]);
    else spent[spent.length - 1] = [until, last[1] + requests, last[2] + executionMs];
  };
  return {
    recordSent(now) {
      add(now, 1, 0);
    },
    recordEnded(now, latencyMs) {
      minLatencyMs = Math.min(minLatencyMs, latencyMs);
      const roundTripMs = Math.min(minLatencyMs / 2, maxRoundTripMs);
      const executionMs = Math.round(latencyMs - roundTripMs);
      meanMs = meanMs === undefined ? executionMs : meanMs + (executionMs - meanMs) * weightOfLast;
      add(now, 0, executionMs);
    },
    recordResponse(now, reply) {
      const left = parseRemainingQuota(reply);
      if (left.requests === undefined && left.executionMs === undefined) return;
      reading = {
        at: now,
        requests: limits.maxRequests - (left.requests ?? limits.maxRequests),
        executionMs: Math.round(limits.maxExecutionMs - (left.executionMs ?? limits.maxExecutionMs)),
      };
    },
    meanExecutionMs: () => meanMs ?? 0,
    takeReport() {
      const result = { spent: mergeUsage([], spent), ...(reading === undefined ? {} : { reading }) };
      spent = [];
      reading = undefined;
      return result;
    },
  };
}
