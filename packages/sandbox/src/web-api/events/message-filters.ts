import type { TableModel } from '../../model/types.ts';
import type { Actor, ColumnValues, OrganizationStore, StoredRow } from '../../store/types.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { type EventMessage, eventMessages, messagesWithoutTable } from './messages.ts';

/** Tables of the event framework itself, which call no steps. */
const tablesWithoutEvents: ReadonlySet<string> = new Set([
  'asyncoperation',
  'backgroundoperation',
  'bulkdeleteoperation',
  'duplicaterecord',
  'sdkmessage',
  'sdkmessagefilter',
]);

/** Whether a request may read or reference messages or their filters. */
export const namesMessages = ({
  target,
  body,
}: {
  readonly target: string;
  readonly body: Uint8Array;
}): boolean =>
  /sdkmessage/i.test(target) ||
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes('sdkmessage');

/**
 * Adds the messages and, for each table, the filters that registrations reference; removes the filters of deleted
 * tables. These are hundreds of rows that few clients read, so they are added before the first request that names them.
 */
export function createMessageSync(store: OrganizationStore): (actor: Actor) => void {
  let revision: number | undefined;
  return (actor) => {
    // A new organization has no messages, a file of an earlier version lacks the last ones.
    const isIncomplete = !eventMessages.slice(-2).some(exists(store));
    if (!isIncomplete && store.model.revision === revision) return;
    revision = store.model.revision;
    store.transaction(() => {
      if (isIncomplete) addMessages(store, actor);
      syncFilters(store, actor);
    });
  };
}

const exists =
  (store: OrganizationStore) =>
  ({ id }: Pick<EventMessage, 'id'>): boolean =>
    store.read('sdkmessage', id) !== undefined;

function addMessages(store: OrganizationStore, actor: Actor): void {
  for (const message of eventMessages) {
    const { id: sdkmessageid, name } = message;
    if (!exists(store)(message))
      store.insert('sdkmessage', { sdkmessageid, name, isprivate: false, isreadonly: false }, actor);
  }
}

function syncFilters(store: OrganizationStore, actor: Actor): void {
  const { rows } = store.query('sdkmessagefilter', { actor });
  const known = new Set(rows.map(({ id }) => id));
  for (const row of rows) if (isOfRemovedTable(store, row)) store.delete('sdkmessagefilter', row.id);
  const messages = eventMessages.filter(exists(store));
  for (const { id, values } of expectedFilters(store.model.tables.values(), messages))
    if (!known.has(id)) store.insert('sdkmessagefilter', { sdkmessagefilterid: id, ...values }, actor);
}

/** Filters of custom APIs have other ids and stay. */
function isOfRemovedTable(store: OrganizationStore, { id, values }: StoredRow): boolean {
  const table = String(values.primaryobjecttypecode);
  if (table === 'none' || store.model.table(table)) return false;
  return eventMessages.some(({ name }) => id === filterId(name, table));
}

const filterId = (message: string, table: string): string =>
  createMetadataId('message filter', message, table);

const hasEvents = ({ set, view, logicalName }: TableModel): boolean =>
  set !== undefined && view !== true && !tablesWithoutEvents.has(logicalName);

function* expectedFilters(tables: Iterable<TableModel>, messages: readonly EventMessage[]) {
  for (const { name, id } of messages)
    if (messagesWithoutTable.includes(name)) yield createFilter({ name, id }, 'none');
  for (const table of tables) {
    if (!hasEvents(table)) continue;
    for (const message of messages) if (message.isFor(table)) yield createFilter(message, table.logicalName);
  }
}

function createFilter({ name, id }: { readonly name: string; readonly id: string }, table: string) {
  const values: ColumnValues = {
    sdkmessageid: { table: 'sdkmessage', id },
    primaryobjecttypecode: table,
    iscustomprocessingstepallowed: true,
  };
  return { id: filterId(name, table), values };
}
