import { nullGuid } from '../../guid.ts';
import { toReference } from '../../store/entity-reference.ts';
import { columnEquals, guidLiteral } from '../../store/query/filter-nodes.ts';
import type { EntityReference, OrganizationStore, StoredRow } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { checkServiceEndpoint, checkStep, checkStepImage } from './registration-rules.ts';
import type { RowWrite } from './row-write.ts';
import { checkPublisher, checkSolution } from './solution-rules.ts';

type BusinessRule = (write: RowWrite) => void;

/** The rules of Service and Sales tables for a create or update. */
const businessRules: Readonly<Record<string, BusinessRule>> = {
  incident: checkCase,
  opportunity: checkOpportunity,
  queueitem: checkQueueItem,
  systemuser: checkUser,
  publisher: checkPublisher,
  solution: checkSolution,
  serviceendpoint: checkServiceEndpoint,
  sdkmessageprocessingstep: checkStep,
  sdkmessageprocessingstepimage: checkStepImage,
  activitypointer: () => {
    throw unsupportedTableError('activitypointer');
  },
};

/** Tables that only the platform writes. */
const platformTables: ReadonlySet<string> = new Set([
  'audit',
  'entity',
  'principalobjectaccess',
  'privilege',
]);

/** Throws when a write violates the rules of its table. */
export function checkBusinessRules(write: RowWrite): void {
  const { view, intersect, logicalName } = write.table;
  if (view || intersect || platformTables.has(logicalName)) throw unsupportedTableError(logicalName);
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
  const object = toReference(values.objectid);
  if (!object || !values.queueid) {
    throw new DataverseError(400, '0x80040203', 'A queue item must have a queue and an object.');
  }
  if (findActiveQueueItem(store, object)) {
    const message =
      'An active queue item already exists for the given object. Cannot create more than one active queue item for this object.';
    throw new DataverseError(400, '0x80040526', message);
  }
}

/** An app registration has one application user. */
function checkUser({ store, values, current }: RowWrite): void {
  const { applicationid } = values;
  if (current || typeof applicationid !== 'string') return;
  const filter = columnEquals('applicationid', guidLiteral(applicationid));
  const query = { filter, select: [], pageSize: 1, actor: { userId: nullGuid } };
  if (store.query('systemuser', query).rows.length > 0) {
    throw new DataverseError(412, '0x80040237', 'A record with matching key values already exists.');
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
