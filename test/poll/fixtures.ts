import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { Column, ColumnType, Table } from '../../src/model/table.ts';
import type { LogEvent, StateStore } from '../../src/model/world.ts';
import type { PollContext, PollRequest, Watching } from '../../src/poll/poll-context.ts';
import type { RowReader } from '../../src/poll/ports.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

function column(name: string, wire: string, type: ColumnType): Column {
  return { name, title: name, column: wire, wire, type, writable: true, required: false };
}

/** A case, as far as the poller cares. */
export const CASE_TABLE: Table = {
  name: 'case',
  title: 'Case',
  plural: 'Cases',
  logicalName: 'incident',
  set: 'incidents',
  key: 'incidentid',
  primaryName: 'title',
  columns: [
    column('id', 'incidentid', 'uuid'),
    column('title', 'title', 'string'),
    { ...column('priority', 'prioritycode', 'choice'), choices: { high: 1, normal: 2, low: 3 } },
    { ...column('queue', 'queueid', 'lookup'), wire: '_queueid_value' },
    column('dueOn', 'followupby', 'date-time'),
    column('createdOn', 'createdon', 'date-time'),
    column('modifiedOn', 'modifiedon', 'date-time'),
  ],
  rowSchema: {},
  inputProperties: {},
};

const WATCH: Watching = {
  table: 'case',
  changes: ['created', 'updated'],
  where: [],
  columns: [],
  everyMs: MINUTE,
};

/** A context over a reader, with a store of its own, a still clock, countable ids and a log that can be read. */
export function contextOf(
  reader: RowReader,
  watch: Partial<Watching> = {},
  store: StateStore = createMemoryStore(),
): PollContext & { readonly logged: LogEvent[] } {
  const logged: LogEvent[] = [];
  let made = 0;
  return {
    trigger: { id: 'case.changed', watch: { ...WATCH, ...watch } },
    table: CASE_TABLE,
    reader,
    logged,
    world: {
      store,
      clock: { now: () => 0, sleep: async () => {} },
      uuid: () => `00000000-0000-4000-9000-${String(++made).padStart(12, '0')}`,
      log: (event) => logged.push(event),
    },
  };
}

/** A poll without params. */
export function requestOf(request: Partial<PollRequest> = {}): PollRequest {
  return { params: {}, ...request };
}
