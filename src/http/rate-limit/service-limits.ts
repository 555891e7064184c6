/**
 * Service protection limits of one user: what may be spent within 300 seconds, and how much may run at once.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export interface ServiceLimits {
  readonly maxRequests: number;
  /** Combined execution time on the server, in milliseconds. */
  readonly maxExecutionMs: number;
  /** Requests at one time. */
  readonly maxConcurrentRequests: number;
}

/** The numbers that Microsoft documents; environments may have others. */
export const defaultServiceLimits: ServiceLimits = {
  maxRequests: 6_000,
  maxExecutionMs: 1_200_000,
  maxConcurrentRequests: 52,
};

/** Length of the sliding window that the limits speak of. */
export const windowMs = 300_000;
