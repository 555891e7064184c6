import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { Feed, FeedReadOptions, FeedSubscription, ResolvedWatch } from '../../src/feed/feed.ts';
import { pollTrigger } from '../../src/feed/poll-trigger.ts';
import type { RowReader } from '../../src/feed/row-reader-port.ts';
import { type Strategy, standardStrategy } from '../../src/feed/strategy.ts';
import type { Checkpoint, PollResult } from '../../src/model/plan.ts';
import type { LogEvent, StateStore } from '../../src/model/runtime-services.ts';
import type { ColumnType, Table, TableColumn } from '../../src/model/table.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

function column(name: string, wire: string, type: ColumnType): TableColumn {
  return { name, title: name, logicalName: wire, wireName: wire, type, writable: true, required: false };
}

/** A case, as far as the poller cares. */
export const caseTable: Table = {
  name: 'case',
  title: 'Case',
  plural: 'Cases',
  logicalName: 'incident',
  entitySet: 'incidents',
  key: 'incidentid',
  primaryName: 'title',
  columns: [
    column('id', 'incidentid', 'uuid'),
    column('title', 'title', 'string'),
    { ...column('priority', 'prioritycode', 'choice'), choices: { high: 1, normal: 2, low: 3 } },
    { ...column('queue', 'queueid', 'lookup'), wireName: '_queueid_value' },
    column('dueOn', 'followupby', 'date-time'),
    column('createdOn', 'createdon', 'date-time'),
    column('modifiedOn', 'modifiedon', 'date-time'),
  ],
  rowSchema: {},
  inputProperties: {},
};

const WATCH: ResolvedWatch = {
  table: 'case',
  changes: ['created', 'updated'],
  where: [],
  columns: [],
  intervalMs: minute,
};

/** The trigger of a poll, and the feed that it reads. */
export interface PollContext extends Omit<Feed, 'key'> {
  readonly trigger: FeedSubscription['trigger'];
}

/** One poll. */
export interface PollRequest extends Omit<FeedSubscription, 'trigger'>, FeedReadOptions {
  readonly checkpoint?: Checkpoint;
}

/** The key of the feed of all tests. */
export const feedKey = 'feed/00000000-0000-4000-8000-00000000feed/';

/** Polls the trigger once. */
export async function poll(
  { trigger, ...feed }: PollContext,
  { checkpoint, overlapMs, limits, retention, wake, ...subscription }: PollRequest,
  strategy: Strategy = standardStrategy,
): Promise<PollResult> {
  const options = { overlapMs, limits, retention, wake };
  return await pollTrigger(
    { key: feedKey, ...feed },
    { trigger, ...subscription },
    checkpoint,
    options,
    strategy,
  );
}

/** Ids that count up. */
export function createIds(): () => string {
  let made = 0;
  return () => `00000000-0000-4000-9000-${String(++made).padStart(12, '0')}`;
}

/** A context over a reader, with a store of its own, a still clock, countable ids and a log that can be read. */
export function contextOf(
  reader: RowReader,
  watch: Partial<ResolvedWatch> = {},
  store: StateStore = createMemoryStore(),
  uuid: () => string = createIds(),
): PollContext & { readonly logged: LogEvent[] } {
  const logged: LogEvent[] = [];
  return {
    trigger: { id: 'case.changed', watch: { ...WATCH, ...watch } },
    table: caseTable,
    reader,
    logged,
    services: {
      store,
      clock: { now: () => 0, sleep: async () => {} },
      uuid,
      log: (event) => logged.push(event),
    },
  };
}

/** A poll without params. */
export function requestOf(request: Partial<PollRequest> = {}): PollRequest {
  return { params: {}, ...request };
}
