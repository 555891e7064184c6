/** A subscription as the service describes it. Durations in milliseconds. */
export interface Subscription {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of a subscription of a worker file: its target. */
  readonly url: string;
  readonly createdAt: string;
  /** `file`: it is in a worker file, and is changed there. */
  readonly origin?: 'file';
  readonly everyMs?: number;
  readonly state?: string;
  /** Why it is not active. */
  readonly reason?: string;
  readonly delivered?: number;
  readonly waiting?: number;
  readonly dead?: number;
  readonly polledAgoMs?: number;
  /** Negative: the poll is late. */
  readonly dueInMs?: number;
  /** Signs the webhooks. Only in the answer that creates the subscription. */
  readonly secret?: string;
}

/** How a state looks: what works, what a person should look at, and what rests. */
export function toneOf(state: string | undefined): string {
  if (state === 'failing' || state === 'stalled') return 'bad';
  if (state === 'rewound' || state === 'baselining') return 'warn';
  return state === 'active' ? 'good' : 'faint';
}

/** A person should look at it: it fails, stands still, or has events that are not delivered any more. */
export function needsAttention({ state, reason, dead = 0 }: Subscription): boolean {
  if (dead > 0 || state === 'failing' || state === 'stalled' || state === 'rewound') return true;
  return state === 'paused' && reason !== 'A user paused it.';
}

/** An event of a subscription. Delivered ones are kept for a while. */
export interface StoredEvent {
  readonly sequence: number;
  readonly state: 'delivered' | 'waiting' | 'dead';
  /** A text if it cannot be read. */
  readonly item: string | { readonly change: string; readonly row: Readonly<Record<string, unknown>> };
  readonly attempts: number;
  /** Why the last attempt of a dead letter failed. */
  readonly reason?: string;
  readonly storedAgoMs?: number;
  readonly deliveredAgoMs?: number;
  readonly deadForMs?: number;
  /** Time to the next attempt of an event that waits. */
  readonly dueInMs?: number;
}
