import {
  createRequestLimiter,
  defaultLimits,
  type LimitSettings,
} from '../../packages/sandbox/src/limits/limiter.ts';
import type { RawResponse } from '../../src/http/pipeline-request.ts';
import type { Clock } from '../../src/model/runtime-services.ts';

/** An organization that exists as its limits and its slowness alone, in the time of a clock. */
export interface RateLimitedOrganization {
  /** Sends a request that takes so long on the server; answers as Dataverse does, with 429 where it must. */
  send(user: string, executionMs: number): Promise<RawResponse>;
  /** Requests so far, and those that were turned away. */
  readonly counts: { sent: number; refused: number };
  /** Every request that was turned away: when its answer came, and the time it named. */
  readonly rejections: { readonly at: number; readonly until: number }[];
  /** When each request was sent. */
  readonly sentAt: number[];
}

/** Makes one. `roundTripMs`: the network, there and back. `silent`: says nothing of what is left. */
export function createRateLimitedOrganization(
  clock: Clock,
  options: {
    readonly limits?: Partial<LimitSettings>;
    readonly roundTripMs?: number;
    readonly silent?: boolean;
  } = {},
): RateLimitedOrganization {
  const { limits: own = {}, roundTripMs = 50, silent = false } = options;
  const limits = createRequestLimiter({ ...defaultLimits(), ...own }, clock.now);
  const counts = { sent: 0, refused: 0 };
  const gates: { at: number; until: number }[] = [];
  const sentAt: number[] = [];
  return {
    counts,
    rejections: gates,
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
      const now = clock.now();
      gates.push({ at: now, until: now + entry.retryAfterSeconds * 1000 });
      const text = JSON.stringify({ error: { code: entry.code, message: entry.message } });
      return { status: 429, headers: { 'retry-after': String(entry.retryAfterSeconds) }, text };
    },
  };
}
