/**
 * The service protection limits of one user per web server, in a sliding window of 300 seconds.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export interface ServiceLimits {
  readonly maxRequests: number;
  /** Combined execution time on the server, in milliseconds. */
  readonly maxExecutionMs: number;
  /** Number of concurrent requests. */
  readonly maxConcurrentRequests: number;
}

/** Limits that an operator sets: the connector uses no more, even if the organization allows more. */
export type LimitSettings = Partial<ServiceLimits>;

/** The limits that Microsoft documents. An environment may have others. */
export const defaultServiceLimits: ServiceLimits = {
  maxRequests: 6_000,
  maxExecutionMs: 1_200_000,
  maxConcurrentRequests: 52,
};

/** Length of the sliding window. */
export const windowMs = 300_000;
