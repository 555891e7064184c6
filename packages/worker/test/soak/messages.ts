/** A command to the process of the organization. */
export type OrganizationCommand =
  | { readonly do: 'prepare'; readonly owners: number; readonly rowsEach: number }
  | { readonly do: 'start'; readonly everyMs: number }
  | { readonly do: 'stop' };

export interface OrganizationInfo {
  readonly orgUrl: string;
  readonly token: string;
  /** IDs of users; the subscription `s<index>` watches the rows of the owner at that index. */
  readonly owners: readonly string[];
}

/** A change that exactly one subscription must report once. */
export interface ExpectedEvent {
  readonly owner: number;
  readonly row: string;
}

/** The options of a worker process. */
export interface WorkerProcessOptions {
  /** File with the compiled manifest as JSON. */
  readonly definition: string;
  readonly store: { readonly file: string; readonly leaseMs: number } | { readonly postgres: string };
  readonly organization: OrganizationInfo;
  readonly everyMs: number;
  /** Each delivery appends a line to this file: `subscription row item`. */
  readonly deliveriesFile: string;
}
