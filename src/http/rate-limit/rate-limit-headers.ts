import type { RawResponse } from '../pipeline-request.ts';

type Headers = RawResponse['headers'];

/** Returns the degree of parallelism that the organization recommends, or undefined. */
export function parseConcurrencyHint(headers: Headers): number | undefined {
  const degree = readNumber(headers['x-ms-dop-hint']);
  return degree === undefined || degree < 1 ? undefined : degree;
}

/** What is left of the limits according to the responding web server; undefined if a header is missing. */
export interface RemainingQuota {
  readonly requests: number | undefined;
  readonly executionMs: number | undefined;
}

/**
 * Reads the rate-limit headers: a number of requests, and seconds in the form `1,199.40`. Those of a 429 are ignored:
 * its `Retry-After` is complete, and anything else would only make the wait longer.
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
