import type { TableModel } from '../../model/types.ts';
import type { ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../../store/types.ts';
import { dataverseError } from '../errors.ts';

/** A write about to be made. `current` is the row as it is; absent on create. */
export interface RowWrite {
  readonly store: OrganizationStore;
  readonly table: TableModel;
  readonly values: ColumnValues;
  readonly current?: StoredRow;
}

/** Asks a question in nobody's name. */
const nullUserId = '00000000-0000-0000-0000-000000000000';

type BusinessRule = (write: RowWrite) => void;

/** What the tables of Service and Sales do not allow a plain create or update to do. */
const businessRules: Readonly<Record<string, BusinessRule>> = {
  incident: checkCase,
  opportunity: checkOpportunity,
  queueitem: checkQueueItem,
  activitypointer: () => {
    throw unsupportedTableError('activitypointer');
  },
};

/** Refuses what the business rules of a table do not allow. */
export function checkBusinessRules(write: RowWrite): void {
  if (write.table.view) throw unsupportedTableError(write.table.logicalName);
  if (write.current) checkRequired(write);
  businessRules[write.table.logicalName]?.(write);
}

/** What the system needs is never taken away; what an application asks for may be. */
function checkRequired({ table, values }: RowWrite): void {
  const missing = table.attributes.find(
    ({ logicalName, required }) => required === 'SystemRequired' && values[logicalName] === null,
  );
  if (!missing) return;
  throw dataverseError(400, '0x80040203', `Attribute: ${missing.logicalName} cannot be set to NULL.`);
}

/** A case has a customer; it is resolved only by CloseIncident, and read-only until it is active again. */
function checkCase({ store, values, current }: RowWrite): void {
  const noCustomer = current ? values.customerid === null : !values.customerid;
  if (noCustomer) throw dataverseError(400, '0x80044410', 'You should specify a parent contact or account.');
  const from = Number(current?.values.statecode ?? 0);
  const to = Number(values.statecode ?? from);
  if (to === 1 && from !== 1)
    throw useMessageError('0x80040203', {
      table: 'incident',
      state: 'Resolved',
      message: 'CloseIncidentRequest',
    });
  if (current && from !== 0 && to !== 0) {
    throw dataverseError(400, '0x8004022e', 'The object cannot be updated because it is read-only.');
  }
  if (current && to === 2 && hasOpenActivities(store, { table: 'incident', id: current.id })) {
    const message = 'The incident can not be canceled because there are open activities for this incident.';
    throw dataverseError(400, '0x8004440e', message);
  }
}

/** An opportunity is won and lost only by its own messages; closed ones are read-only until opened again. */
function checkOpportunity({ values, current }: RowWrite): void {
  const from = Number(current?.values.statecode ?? 0);
  const to = Number(values.statecode ?? from);
  if (to !== from && to !== 0) {
    const state = to === 1 ? 'won' : 'lost';
    throw useMessageError('0x80100005', { table: 'opportunity', state, message: state });
  }
  if (current && from !== 0 && to !== 0) {
    throw dataverseError(400, '0x8004022e', 'The object cannot be updated because it is read-only.');
  }
}

/** A queue item says which queue and which row; a row waits in at most one queue. */
function checkQueueItem({ store, values, current }: RowWrite): void {
  if (current) return;
  const object = values.objectid as EntityReference | null | undefined;
  if (!object || !values.queueid) {
    throw dataverseError(400, '0x80040203', 'A queue item must have a queue and an object.');
  }
  if (findActiveQueueItem(store, object)) {
    const message =
      'An active queue item already exists for the given object. Cannot create more than one active queue item for this object.';
    throw dataverseError(400, '0x80040526', message);
  }
}

/** The queue item that a row waits in, if any. */
export function findActiveQueueItem(
  store: OrganizationStore,
  object: EntityReference,
): StoredRow | undefined {
  return findRowsByLookup(store, { table: 'queueitem', column: 'objectid', id: object.id }).find(
    (item) => item.values.statecode === 0,
  );
}

/** Whether work on a row is still to be done: an e-mail, call or task about it that is open. */
export function hasOpenActivities(store: OrganizationStore, regarding: EntityReference): boolean {
  const found = findRowsByLookup(store, {
    table: 'activitypointer',
    column: 'regardingobjectid',
    id: regarding.id,
  });
  return found.some((activity) => activity.values.statecode === 0 || activity.values.statecode === 3);
}

/** Rows of a table whose lookup points at a row. */
export function findRowsByLookup(
  store: OrganizationStore,
  { table, column, id }: { readonly table: string; readonly column: string; readonly id: string },
): readonly StoredRow[] {
  const noSpan = { start: 0, end: 0 };
  return store.query(table, {
    filter: {
      kind: 'compare',
      operator: 'eq',
      left: { kind: 'path', segments: [`_${column}_value`], ...noSpan },
      right: { kind: 'guid', text: id, ...noSpan },
      ...noSpan,
    },
    actor: { userId: nullUserId },
  }).rows;
}

function useMessageError(
  code: string,
  { table, state, message }: { table: string; state: string; message: string },
) {
  const what = `This message can not be used to set the state of ${table} to ${state}.`;
  return dataverseError(
    400,
    code,
    `${what} In order to set state of ${table} to ${state}, use the ${message} message instead.`,
  );
}

function unsupportedTableError(table: string) {
  return dataverseError(400, '0x80040800', `The method is not supported for entities of type '${table}'.`);
}
