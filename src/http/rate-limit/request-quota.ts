/** How many requests one user may still send to the organization. */
export interface RequestQuota {
  /** Requests in a window. */
  readonly limit: number;
  /** Requests that are left. */
  readonly remaining: number;
  /** The length of the window, in milliseconds. */
  readonly windowMs: number;
  /** Time until requests are left again, in milliseconds: the rest of a block, else the whole window. */
  readonly resetMs: number;
}
