/**
 * Service protection limits of one user: what may be spent within 300 seconds, and how much may run at once.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export interface ServiceLimits {
  readonly requests: number;
  /** Combined execution time on the server, in milliseconds. */
  readonly executionMs: number;
  /** Requests at one time. */
  readonly concurrent: number;
}

/** The numbers that Microsoft documents; environments may have others. */
export const defaultServiceLimits: ServiceLimits = {
  requests: 6_000,
  executionMs: 1_200_000,
  concurrent: 52,
};

/** Length of the sliding window that the limits speak of. */
export const windowMs = 300_000;
