import type { RawResponse } from '../pipeline-request.ts';
import { parseRemainingQuota, type RemainingQuota } from './rate-limit-headers.ts';
import { defaultServiceLimits, type LimitSettings, type ServiceLimits } from './service-limits.ts';

/** The limits of an organization, as far as its responses have shown them. */
export type LearnedLimits = Partial<Pick<ServiceLimits, 'maxRequests' | 'maxExecutionMs'>>;

/** What the responses since the last report state about the limits. */
export interface LimitEvidence {
  /** The highest remaining quota. The limit is at least this, and one more for the request itself. */
  readonly highest: RemainingQuota;
  /** The limits that refusals name. They are exact. */
  readonly refused: LearnedLimits;
}

export const noEvidence: LimitEvidence = {
  highest: { requests: undefined, executionMs: undefined },
  refused: {},
};

/** Adds what a response states. */
export function addEvidence({ highest, refused }: LimitEvidence, response: RawResponse): LimitEvidence {
  const { requests, executionMs } = parseRemainingQuota(response);
  return {
    highest: {
      requests: maxOf(highest.requests, requests),
      executionMs: maxOf(highest.executionMs, executionMs),
    },
    refused: response.status === 429 ? { ...refused, ...parseRefusal(response.text) } : refused,
  };
}

/**
 * Learns from evidence, up as well as down. A refusal names the limit. What remains of a limit shows that it is not
 * lower; before a first refusal, the highest remaining quota is the best that is known of it.
 */
export function learnLimits(
  learned: LearnedLimits | undefined,
  { highest, refused }: LimitEvidence,
): LearnedLimits {
  const known = { ...learned, ...refused };
  return {
    maxRequests: maxOf(known.maxRequests, highest.requests === undefined ? undefined : highest.requests + 1),
    maxExecutionMs: maxOf(known.maxExecutionMs, highest.executionMs),
  };
}

/** The limits to keep to: those of the organization, but no more than the operator has set. */
export function effectiveLimits(
  learned: LearnedLimits | undefined,
  settings: LimitSettings,
): Pick<ServiceLimits, 'maxRequests' | 'maxExecutionMs'> {
  const limit = (name: 'maxRequests' | 'maxExecutionMs'): number => {
    const known = learned?.[name];
    if (known === undefined) return settings[name] ?? defaultServiceLimits[name];
    return Math.min(known, settings[name] ?? known);
  };
  return { maxRequests: limit('maxRequests'), maxExecutionMs: limit('maxExecutionMs') };
}

/** `Number of requests exceeded the limit of 6000 over time window of 300 seconds.` */
const requestRefusal = /number of requests exceeded the limit of ([\d,]+)/i;
/** `Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds.` */
const executionRefusal =
  /execution time of incoming requests exceeded (?:the )?limit of ([\d,]+) milliseconds/i;

function parseRefusal(text: string): LearnedLimits {
  const read = (pattern: RegExp): number | undefined => {
    const digits = pattern.exec(text)?.[1]?.replaceAll(',', '');
    return digits === undefined ? undefined : Number(digits);
  };
  const maxRequests = read(requestRefusal);
  const maxExecutionMs = read(executionRefusal);
  return {
    ...(maxRequests && { maxRequests }),
    ...(maxExecutionMs && { maxExecutionMs }),
  };
}

function maxOf(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
