import type { RawResponse } from '../pipeline-request.ts';
import { addEvidence, noEvidence } from './learned-limits.ts';
import { mergeUsage, slotEnd, type UsageEntry, type UsageReading, type UsageReport } from './rate-budget.ts';
import { parseRemainingQuota } from './rate-limit-headers.ts';

/** Counts the usage of one limiter since its last report, and estimates the execution time of a request. */
export interface UsageTracker {
  /** Counts a request that was sent. */
  recordSent(now: number): void;
  /** Counts the execution time of a request that ended after `latencyMs`. */
  recordEnded(now: number, latencyMs: number): void;
  /** Reads the rate-limit headers of a response. */
  recordResponse(now: number, response: RawResponse): void;
  /** Returns the recent mean execution time of a request on the server. */
  meanExecutionMs(): number;
  /** Returns the usage since the last report, and starts a new report. */
  takeReport(): Pick<UsageReport, 'spent' | 'reading' | 'evidence'>;
}

const weightOfLast = 0.1;
const maxRoundTripMs = 100;

/**
 * Creates a tracker. Dataverse does not return the execution time of a request, so it is estimated: the latency minus
 * the round trip, where the round trip is half of the lowest latency so far and at most 100 ms.
 */
export function createUsageTracker(): UsageTracker {
  let minLatencyMs = Number.POSITIVE_INFINITY;
  let meanMs: number | undefined;
  let spent: UsageEntry[] = [];
  let reading: UsageReading | undefined;
  let evidence = noEvidence;
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
    recordResponse(now, response) {
      const remaining = parseRemainingQuota(response);
      const isStated = remaining.requests !== undefined || remaining.executionMs !== undefined;
      if (isStated) reading = { at: now, ...remaining };
      if (isStated || response.status === 429) evidence = addEvidence(evidence, response);
    },
    meanExecutionMs: () => meanMs ?? 0,
    takeReport() {
      const report = { spent: mergeUsage([], spent), reading, evidence };
      spent = [];
      reading = undefined;
      evidence = noEvidence;
      return report;
    },
  };
}
