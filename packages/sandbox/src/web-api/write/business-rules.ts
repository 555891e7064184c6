import { nullGuid } from '../../guid.ts';
import type { TableModel } from '../../model/types.ts';
import { columnEquals, guidLiteral } from '../../store/query/filter-nodes.ts';
import type { ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { checkPublisher, checkSolution } from './solution-rules.ts';

/** A write before it is executed. `current` is the existing row; absent on create. */
export interface RowWrite {
  readonly store: OrganizationStore;
  readonly table: TableModel;
  readonly values: ColumnValues;
  readonly current?: StoredRow;
}

type BusinessRule = (write: RowWrite) => void;

/** The rules of Service and Sales tables for a create or update. */
const businessRules: Readonly<Record<string, BusinessRule>> = {
  incident: checkCase,
  opportunity: checkOpportunity,
  queueitem: checkQueueItem,
  publisher: checkPublisher,
  solution: checkSolution,
  activitypointer: () => {
    throw unsupportedTableError('activitypointer');
  },
};

/** Throws when a write violates the rules of its table. */
export function checkBusinessRules(write: RowWrite): void {
  if (write.table.view) throw unsupportedTableError(write.table.logicalName);
  if (write.current) checkRequired(write);
  businessRules[write.table.logicalName]?.(write);
}

/** Columns that are required by the system cannot be set to null. */
function checkRequired({ table, values }: RowWrite): void {
  const missing = table.attributes.find(
    ({ logicalName, required }) => required === 'SystemRequired' && values[logicalName] === null,
  );
  if (!missing) return;
  throw new DataverseError(400, '0x80040203', `Attribute: ${missing.logicalName} cannot be set to NULL.`);
}

/** A case has a customer. Only CloseIncident resolves it, and it is read-only until it is active again. */
function checkCase({ store, values, current }: RowWrite): void {
  const noCustomer = current ? values.customerid === null : !values.customerid;
  if (noCustomer)
    throw new DataverseError(400, '0x80044410', 'You should specify a parent contact or account.');
  const from = Number(current?.values.statecode ?? 0);
  const to = Number(values.statecode ?? from);
  if (to === 1 && from !== 1)
    throw useMessageError('0x80040203', {
      table: 'incident',
      state: 'Resolved',
      message: 'CloseIncidentRequest',
    });
  if (current && from !== 0 && to !== 0) {
    throw new DataverseError(400, '0x8004022e', 'The object cannot be updated because it is read-only.');
  }
  if (current && to === 2 && hasOpenActivities(store, { table: 'incident', id: current.id })) {
    const message = 'The incident can not be canceled because there are open activities for this incident.';
    throw new DataverseError(400, '0x8004440e', message);
  }
}

/** Only WinOpportunity and LoseOpportunity close an opportunity, and it is read-only until it is open again. */
function checkOpportunity({ values, current }: RowWrite): void {
  const from = Number(current?.values.statecode ?? 0);
  const to = Number(values.statecode ?? from);
  if (to !== from && to !== 0) {
    const state = to === 1 ? 'won' : 'lost';
    throw useMessageError('0x80100005', { table: 'opportunity', state, message: state });
  }
  if (current && from !== 0 && to !== 0) {
    throw new DataverseError(400, '0x8004022e', 'The object cannot be updated because it is read-only.');
  }
}

/** A queue item has a queue and an object; an object has at most one active queue item. */
function checkQueueItem({ store, values, current }: RowWrite): void {
  if (current) return;
  const object = values.objectid as EntityReference | null | undefined;
  if (!object || !values.queueid) {
    throw new DataverseError(400, '0x80040203', 'A queue item must have a queue and an object.');
  }
  if (findActiveQueueItem(store, object)) {
    const message =
      'An active queue item already exists for the given object. Cannot create more than one active queue item for this object.';
    throw new DataverseError(400, '0x80040526', message);
  }
}

/** The active queue item of an object; undefined when there is none. */
export function findActiveQueueItem(
  store: OrganizationStore,
  object: EntityReference,
): StoredRow | undefined {
  return findRowsByLookup(store, { table: 'queueitem', column: 'objectid', id: object.id }).find(
    (item) => item.values.statecode === 0,
  );
}

/** Whether a row has open activities. */
export function hasOpenActivities(store: OrganizationStore, regarding: EntityReference): boolean {
  const found = findRowsByLookup(store, {
    table: 'activitypointer',
    column: 'regardingobjectid',
    id: regarding.id,
  });
  return found.some((activity) => activity.values.statecode === 0 || activity.values.statecode === 3);
}

/** The rows whose lookup references a row. */
export function findRowsByLookup(
  store: OrganizationStore,
  { table, column, id }: { readonly table: string; readonly column: string; readonly id: string },
): readonly StoredRow[] {
  const filter = columnEquals(`_${column}_value`, guidLiteral(id));
  return store.query(table, { filter, actor: { userId: nullGuid } }).rows;
}

function useMessageError(
  code: string,
  { table, state, message }: { table: string; state: string; message: string },
) {
  const what = `This message can not be used to set the state of ${table} to ${state}.`;
  return new DataverseError(
    400,
    code,
    `${what} In order to set state of ${table} to ${state}, use the ${message} message instead.`,
  );
}

function unsupportedTableError(table: string) {
  return new DataverseError(
    400,
    '0x80040800',
    `The method is not supported for entities of type '${table}'.`,
  );
}
