import type { RawResponse } from '../pipeline-request.ts';

type Headers = RawResponse['headers'];

/** The degree of parallelism that the organization recommends; undefined where it does not say. */
export function parseConcurrencyHint(headers: Headers): number | undefined {
  const degree = readNumber(headers['x-ms-dop-hint']);
  return degree === undefined || degree < 1 ? undefined : degree;
}

/** What the answering server says is left of the window; undefined where it does not say. */
export interface RemainingQuota {
  readonly requests: number | undefined;
  readonly executionMs: number | undefined;
}

/**
 * Reads the rate-limit headers: a number of requests, and seconds as `1,199.40`. A 429 says nothing of what is
 * left: its `Retry-After` is the whole message, and whoever reads more into it waits longer than it was told.
 */
export function parseRemainingQuota({ status, headers }: RawResponse): RemainingQuota {
  if (status === 429) return { requests: undefined, executionMs: undefined };
  const seconds = readNumber(headers['x-ms-ratelimit-time-remaining-xrm-requests']);
  return {
    requests: readNumber(headers['x-ms-ratelimit-burst-remaining-xrm-requests']),
    executionMs: seconds === undefined ? undefined : seconds * 1000,
  };
}

function readNumber(text: string | undefined): number | undefined {
  const digits = text?.replaceAll(',', '').trim();
  return digits !== undefined && /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : undefined;
}
