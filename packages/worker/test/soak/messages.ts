/** What the soak tells its organization. */
export type OrganizationCommand =
  | { readonly do: 'prepare'; readonly owners: number; readonly rowsEach: number }
  | { readonly do: 'start'; readonly everyMs: number }
  | { readonly do: 'stop' };

export interface OrganizationInfo {
  readonly orgUrl: string;
  readonly token: string;
  /** Ids; the subscription `s<index>` watches the owner of that index. */
  readonly owners: readonly string[];
}

/** Something that happened once: exactly one subscription has to tell of it, once. */
export interface ExpectedEvent {
  readonly owner: number;
  readonly row: string;
}

/** What a worker of a soak is started with. */
export interface WorkerProcessOptions {
  /** A file with the definition as JSON. */
  readonly definition: string;
  readonly store: { readonly file: string; readonly leaseMs: number } | { readonly postgres: string };
  readonly organization: OrganizationInfo;
  readonly everyMs: number;
  /** Deliveries are appended here, one line each: `subscription row item`. */
  readonly arrivals: string;
}
