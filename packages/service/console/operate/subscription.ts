/** A subscription as the service describes it. Durations in milliseconds. */
export interface Subscription {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly createdAt: string;
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
