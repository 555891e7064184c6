import type { StoredEvent, StoreLocation } from './messages.ts';

/** The store of a soak test, and what the test observes in it. */
export interface SoakStore {
  readonly location: StoreLocation;
  /** The longest time without a renewal after which a claim is lost. */
  readonly leaseMs: number;
  /** Returns the number of subscriptions that have polled. */
  countPolled(): Promise<number>;
  /** All events that were ever stored, from the database's own log of the outbox. */
  readStoredEvents(): Promise<readonly StoredEvent[]>;
  isOutboxEmpty(): Promise<boolean>;
  /** What webhooks have done for a subscription, as JSON; undefined without push. */
  readPush?(): Promise<string | undefined>;
  /** Whether the database is without damage. */
  isIntact(): Promise<boolean>;
  /** Lets all leases expire, also those of running polls and deliveries. */
  expireLeases(): Promise<void>;
  /** Restarts the database. Undefined if there is no server. */
  readonly restart?: () => Promise<void>;
  /** Makes the database available again after its disk was full. */
  recover(): Promise<void>;
  close(): Promise<void>;
}
