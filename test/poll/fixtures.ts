import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { LogEvent, StateStore } from '../../src/model/runtime-services.ts';
import type { ColumnType, Table, TableColumn } from '../../src/model/table.ts';
import type { PollContext, PollRequest, ResolvedWatch } from '../../src/poll/poll-context.ts';
import type { RowReader } from '../../src/poll/row-reader-port.ts';

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

/** A context over a reader, with a store of its own, a still clock, countable ids and a log that can be read. */
export function contextOf(
  reader: RowReader,
  watch: Partial<ResolvedWatch> = {},
  store: StateStore = createMemoryStore(),
): PollContext & { readonly logged: LogEvent[] } {
  const logged: LogEvent[] = [];
  let made = 0;
  return {
    trigger: { id: 'case.changed', watch: { ...WATCH, ...watch } },
    table: caseTable,
    reader,
    logged,
    services: {
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
