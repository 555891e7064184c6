import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEvent, StateWrites } from 'dynamics365-connector';
import type { Audit, Telemetry } from 'dynamics365-connector/host';
import { createFakeClock, type FakeClock } from '../../../test/support/fake-clock.ts';
import { createWorkerMetrics } from '../src/metrics.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-sqlite-worker-store.ts';
import type {
  DuePoll,
  PollBatch,
  PollFeed,
  PollInput,
  RereadItem,
  Subscription,
} from '../src/subscription.ts';
import { runWorker } from '../src/worker.ts';
import { defaultWorkerLimits, type WorkerLimits } from '../src/worker-options.ts';
import type { OutboxEvent, PollCommit, PollRelease, WorkerStore } from '../src/worker-store.ts';

/** A worker with its own SQLite file, a fake trigger, and a clock that does not wait. */
export interface WorkerFixture {
  readonly store: WorkerStore;
  readonly clock: FakeClock;
  readonly logEvents: LogEvent[];
  /** Runs the worker until `done` returns true. */
  runUntil(done: () => boolean | Promise<boolean>): Promise<void>;
}

/** Polls one subscription. */
export type PollSubscription = (
  subscription: Subscription,
  input: PollInput & Pick<DuePoll, 'checkpoint'>,
) => Promise<PollBatch>;

/** Polls each subscription of a feed by itself. */
function pollEach(poll: PollSubscription): PollFeed {
  return async (polls, input) =>
    await Promise.all(
      polls.map(({ subscription, checkpoint }) =>
        poll(subscription, { ...input, checkpoint }).catch((error: unknown) => ({ error })),
      ),
    );
}

export interface WorkerFixtureOptions {
  readonly subscriptions: readonly Subscription[];
  readonly poll: PollSubscription;
  readonly reread?: RereadItem;
  readonly limits?: Partial<WorkerLimits>;
  readonly telemetry?: Telemetry;
  readonly keepDeliveredMs?: number;
  readonly leaseMs?: number;
  readonly audit?: Audit;
}

export async function withWorker(
  options: WorkerFixtureOptions,
  test: (fixture: WorkerFixture) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-worker-'));
  const clock = createFakeClock();
  const { leaseMs } = options;
  const store = openSqliteWorkerStore(join(folder, 'worker.sqlite'), { clock, leaseMs });
  const logEvents: LogEvent[] = [];
  const workerOptions = {
    store,
    clock,
    subscriptions: new Map(options.subscriptions.map((each) => [each.id, each])),
    poll: pollEach(options.poll),
    reread: options.reread,
    limits: { ...defaultWorkerLimits, ...options.limits },
    keepDeliveredMs: options.keepDeliveredMs,
    metrics: createWorkerMetrics(),
    random: () => 0.5,
    telemetry: options.telemetry,
    audit: options.audit,
    log: (event: LogEvent) => void logEvents.push(event),
  };
  const runUntil: WorkerFixture['runUntil'] = async (done) => {
    const stop = new AbortController();
    const running = runWorker(workerOptions, stop.signal);
    while (!(await done())) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await running;
  };
  try {
    await test({ store, clock, logEvents, runUntil });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

export function createSubscription(overrides: Partial<Subscription> = {}): Subscription {
  const base = { id: 'a', connection: 'contoso', trigger: 'case.created', params: {}, everyMs: 60_000 };
  return { ...base, retry: { maxAttempts: 3 }, deliver: async () => {}, ...overrides };
}

export function createEvent(rowId: string, id: string): OutboxEvent {
  return {
    rowId,
    item: {
      id,
      change: 'created',
      at: '2026-01-15T09:00:00.000Z',
      epoch: 0,
      sequence: 1,
      row: { id: rowId },
    },
  };
}

/** Ends one claim. */
export function endPoll(
  store: WorkerStore,
  { writes = new Map(), ...result }: (PollCommit | PollRelease) & { readonly writes?: StateWrites },
): Promise<boolean> {
  return store.commitPolls({ results: [result], writes });
}
