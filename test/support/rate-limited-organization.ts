import {
  createRequestLimiter,
  defaultLimits,
  type LimitSettings,
} from '../../packages/sandbox/src/limits/limiter.ts';
import type { RawResponse } from '../../src/http/pipeline-request.ts';
import type { Clock } from '../../src/model/runtime-services.ts';

/** A simulated organization with service protection limits and latency, but without data. */
export interface RateLimitedOrganization {
  /** Sends a request with this execution time. Returns 200, or 429 above a limit. */
  send(user: string, executionMs: number): Promise<RawResponse>;
  /** Number of requests, and of those that got a 429. */
  readonly counts: { sent: number; refused: number };
  /** The times at which requests were sent. */
  readonly sentAt: number[];
}

/**
 * Creates an organization. `roundTripMs`: round-trip time of the network. `silent`: responses have no rate-limit headers.
 */
export function createRateLimitedOrganization(
  clock: Clock,
  options: {
    readonly limits?: Partial<LimitSettings>;
    readonly roundTripMs?: number;
    readonly silent?: boolean;
  } = {},
): RateLimitedOrganization {
  const { roundTripMs = 50, silent = false } = options;
  const limits = createRequestLimiter({ ...defaultLimits(), ...options.limits }, clock.now);
  const counts = { sent: 0, refused: 0 };
  const sentAt: number[] = [];
  return {
    counts,
    sentAt,
    async send(user, executionMs) {
      counts.sent += 1;
      sentAt.push(clock.now());
      await clock.sleep(roundTripMs / 2);
      const entry = limits.acquire(user);
      if ('release' in entry) {
        await clock.sleep(executionMs);
        entry.release();
      }
      await clock.sleep(roundTripMs / 2);
      if ('release' in entry) return { status: 200, headers: silent ? {} : entry.headers, text: '' };
      counts.refused += 1;
      const text = JSON.stringify({ error: { code: entry.code, message: entry.message } });
      return { status: 429, headers: { 'retry-after': String(entry.retryAfterSeconds) }, text };
    },
  };
}
