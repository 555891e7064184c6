import { checkDeletion, followChange, followDeletion, prepareChange } from '../../logic/registry.ts';
import type { TableModel } from '../../model/types.ts';
import { referenceTo } from '../../store/entity-reference.ts';
import type { ColumnValues, StoredRow } from '../../store/types.ts';
import { invalidArgument } from '../errors.ts';
import { completeImages } from '../images.ts';
import type { WebApiContext } from '../types.ts';
import { checkBusinessRules, findRowsByLookup } from './business-rules.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { completeState } from './complete-state.ts';
import type { RowPayload } from './read-payload.ts';
import { changePair, insertRow, removeRow, updateRow } from './rows.ts';
import { runPlugIns } from './run-plug-ins.ts';
import { toRowChange } from './save-values.ts';

/** Creates a row and its related rows. Must be called in a transaction. */
export function insertPayload(
  context: WebApiContext,
  payload: RowPayload,
  extra: ColumnValues = {},
): StoredRow {
  const { table } = payload;
  context.request.caller.access?.requireFor('Create', table);
  const parents = payload.parents.map(
    ({ column, payload: parent }) => [column, referenceTo(insertPayload(context, parent))] as const,
  );
  const requested = { ...payload.values, ...Object.fromEntries(parents), ...extra };
  const event = { message: 'Create', table: table.logicalName } as const;
  const afterPlugIns = runPlugIns(context, 'sync', { ...event, values: requested });
  const withState = completeState(table, afterPlugIns);
  const withImages = completeImages(context, table, { values: withState });
  const withMoney = withCurrency(context, { table, values: withImages });
  checkBusinessRules({ store: context.org.systemStore, table, values: withMoney });
  checkDuplicates(context, table, { values: withMoney });
  const change = toRowChange(context, { table: table.logicalName, values: withMoney });
  const values = prepareChange(change);
  const row = insertRow(context, table.logicalName, values);
  saveCollections(context, payload, row);
  followChange(change, row);
  runPlugIns(context, 'async', { ...event, values, id: row.id });
  return row;
}

/** Updates a row and its related rows. `expected` is the version that the row must have. */
export function updatePayload(
  context: WebApiContext,
  payload: RowPayload,
  { row, expected }: { readonly row: StoredRow; readonly expected?: string | undefined },
): StoredRow {
  const { systemStore } = context.org;
  const { table } = payload;
  context.request.caller.access?.requireFor('Write', table);
  const event = { message: 'Update', table: table.logicalName, id: row.id } as const;
  const afterPlugIns = runPlugIns(context, 'sync', { ...event, values: payload.values });
  const withState = completeState(table, afterPlugIns, row);
  const withImages = completeImages(context, table, { values: withState, row });
  const withMoney = withCurrency(context, { table, values: withImages, row });
  checkBusinessRules({ store: systemStore, table, values: withMoney, current: row });
  checkDuplicates(context, table, { values: withMoney, id: row.id });
  const change = toRowChange(context, { table: table.logicalName, values: withMoney, row });
  const values = prepareChange(change);
  const updated = updateRow(context, { table: table.logicalName, id: row.id, values, expected });
  for (const { target } of payload.parties) {
    for (const party of findRowsByLookup(systemStore, {
      table: target,
      column: 'activityid',
      id: row.id,
    })) {
      systemStore.delete(target, party.id);
    }
  }
  saveCollections(context, payload, row);
  followChange(change, updated);
  runPlugIns(context, 'async', { ...event, values });
  return updated;
}

/** Deletes a row with its custom logic. `expected` is the version that the row must have. */
export function deleteWithLogic(context: WebApiContext, row: StoredRow, expected?: string): void {
  const { table, id } = row;
  const event = { message: 'Delete', table, id, values: {} } as const;
  runPlugIns(context, 'sync', event);
  checkDeletion(context.org.store, row);
  removeRow(context, { table, id, expected });
  followDeletion(row, { store: context.org.systemStore, actor: context.actor });
  runPlugIns(context, 'async', event);
}

/** A row with money has a currency: the first one of the organization if the request gives none. */
function withCurrency(
  { org, actor }: WebApiContext,
  write: { readonly table: TableModel; readonly values: ColumnValues; readonly row?: StoredRow },
): ColumnValues {
  const { table, values, row } = write;
  const hasMoney = table.attributes.some(
    ({ type, logicalName }) => type === 'Money' && (values[logicalName] ?? null) !== null,
  );
  const column = org.store.model.attribute(table, 'transactioncurrencyid');
  const currency = values.transactioncurrencyid ?? row?.values.transactioncurrencyid ?? null;
  if (!hasMoney || !column || currency !== null) return values;
  const [base] = org.systemStore.query('transactioncurrency', { pageSize: 1, actor }).rows;
  return base ? { ...values, transactioncurrencyid: referenceTo(base) } : values;
}

/** Creates the rows of collections and adds existing rows to them. */
function saveCollections(context: WebApiContext, payload: RowPayload, row: StoredRow): void {
  const near = referenceTo(row);
  checkSenders(payload);
  for (const { navigation, payload: child } of payload.children) {
    if (navigation.kind === 'oneToMany') {
      insertPayload(context, child, { [navigation.relationship.attribute]: near });
    } else linkRow(context, { navigation, near, far: insertPayload(context, child) });
  }
  for (const { navigation, row: far } of payload.links) linkRow(context, { navigation, near, far });
}

/** An activity has at most one sender. */
function checkSenders({ children }: RowPayload): void {
  const senders = children.filter(({ payload }) => payload.values.participationtypemask === 1);
  if (senders.length > 1)
    throw invalidArgument('Communication activity cannot have more than one Sender party');
}

/** Adds an existing row to a collection: through the intersect table or its lookup. */
export function linkRow(
  context: WebApiContext,
  link: {
    readonly navigation: RowPayload['links'][number]['navigation'];
    readonly near: { readonly table: string; readonly id: string };
    readonly far: StoredRow;
  },
): void {
  changePair(context, 'Associate', { ...link, far: referenceTo(link.far) });
}
