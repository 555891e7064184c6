import type { PollItem } from 'dynamics365-connector';

/** A command to the process of the organization. */
export type OrganizationCommand =
  | { readonly do: 'prepare'; readonly owners: number; readonly rowsEach: number }
  | { readonly do: 'start'; readonly everyMs: number }
  | { readonly do: 'stop' };

export interface OrganizationInfo {
  /** One URL for each feed. The owner at an index has rows in feed `index % orgUrls.length`. */
  readonly orgUrls: readonly string[];
  readonly token: string;
  /** IDs of users. Consumer `k` keeps a copy of the rows of the owner at index `k`. */
  readonly owners: readonly string[];
  /** The feeds report deleted rows. */
  readonly reportsDeletions: boolean;
}

/** A row that was created, changed or deleted since the start, as it is at the end. */
export interface ChangedRow {
  /** The index of its owner. */
  readonly owner: number;
  readonly id: string;
  /** Undefined if the row was deleted. */
  readonly version?: string;
  /** How often it was created, changed or deleted, if that was counted. */
  readonly writes?: number;
}

/** Where workers keep their state. */
export type StoreLocation =
  | { readonly file: string; readonly leaseMs: number }
  | { readonly postgres: string };

/** The options of a worker process. */
export interface WorkerProcessOptions {
  /** File with the compiled manifest as JSON. */
  readonly definition: string;
  readonly store: StoreLocation;
  readonly organization: OrganizationInfo;
  readonly everyMs: number;
  /** The port on which one of the workers receives webhooks, and the interval while they work. */
  readonly push?: { readonly port: number; readonly everyMs: number };
  /** Each delivery appends a `DeliveredEvent` to this file, as one line of JSON. */
  readonly deliveriesFile: string;
}

/** A delivery. The row of the item has its id only. */
export interface DeliveredEvent {
  readonly subscription: string;
  readonly item: PollItem;
}

/** An event that was stored in the outbox. */
export interface StoredEvent {
  readonly subscription: string;
  /** The id of its item. */
  readonly item: string;
}
