import type { TableModel } from '../../model/types.ts';
import type { Row, Values } from '../../store/types.ts';
import { badArgument } from '../refusal.ts';
import type { Exchange } from '../types.ts';
import { checkDuplicates } from './duplicates.ts';
import { type Payload, referenceTo } from './payload.ts';
import { runPlugIns } from './plug-ins.ts';
import { checkRules, rowsWith } from './rules.ts';
import { completeState } from './state.ts';

/** Makes a row and everything that its payload brings along. To be called inside a transaction. */
export function insertPayload(exchange: Exchange, payload: Payload, extra: Values = {}): Row {
  const { store } = exchange.org;
  const { table } = payload;
  const parents = payload.parents.map(
    ({ column, payload: parent }) => [column, referenceTo(insertPayload(exchange, parent))] as const,
  );
  const given = { ...payload.values, ...Object.fromEntries(parents), ...extra };
  const event = { message: 'Create', table: table.logicalName } as const;
  const asked = runPlugIns(exchange, 'sync', { ...event, values: given });
  const values = withCurrency(exchange, { table, values: completeState(table, asked) });
  checkRules({ store, table, values });
  checkDuplicates(exchange, table, { values });
  const row = store.insert(table.logicalName, values, exchange.actor);
  saveCollections(exchange, payload, row);
  runPlugIns(exchange, 'async', { ...event, values, id: row.id });
  return row;
}

/** Changes a row as its payload says; `expected` is the version it must still have. */
export function updatePayload(
  exchange: Exchange,
  payload: Payload,
  { row, expected }: { readonly row: Row; readonly expected?: string | undefined },
): Row {
  const { store } = exchange.org;
  const { table } = payload;
  const event = { message: 'Update', table: table.logicalName, id: row.id } as const;
  const asked = runPlugIns(exchange, 'sync', { ...event, values: payload.values });
  const values = withCurrency(exchange, { table, values: completeState(table, asked, row), row });
  checkRules({ store, table, values, current: row });
  checkDuplicates(exchange, table, { values, id: row.id });
  const updated = store.update({
    table: table.logicalName,
    id: row.id,
    values,
    actor: exchange.actor,
    ...(expected === undefined ? {} : { expected }),
  });
  for (const { target } of payload.parties) {
    for (const party of rowsWith(store, { table: target, column: 'activityid', id: row.id })) {
      store.delete(target, party.id);
    }
  }
  saveCollections(exchange, payload, row);
  runPlugIns(exchange, 'async', { ...event, values });
  return updated;
}

/** Money always has a currency: the organisation's own where the row names none. */
function withCurrency(
  { org, actor }: Exchange,
  { table, values, row }: { readonly table: TableModel; readonly values: Values; readonly row?: Row },
): Values {
  const money = table.attributes.some(
    ({ type, logicalName }) => type === 'Money' && (values[logicalName] ?? null) !== null,
  );
  const column = org.store.model.attribute(table, 'transactioncurrencyid');
  const named = values.transactioncurrencyid ?? row?.values.transactioncurrencyid ?? null;
  if (!money || !column || named !== null) return values;
  const [base] = org.store.query('transactioncurrency', { pageSize: 1, actor }).rows;
  return base ? { ...values, transactioncurrencyid: referenceTo(base) } : values;
}

/** Rows made through collections, and existing rows joined to them. */
function saveCollections(exchange: Exchange, payload: Payload, row: Row): void {
  const near = referenceTo(row);
  checkSenders(payload);
  for (const { navigation, payload: child } of payload.children) {
    if (navigation.kind === 'children') {
      insertPayload(exchange, child, { [navigation.relationship.attribute]: near });
    } else join(exchange, { navigation, near, far: insertPayload(exchange, child) });
  }
  for (const { navigation, row: far } of payload.links) join(exchange, { navigation, near, far });
}

/** A message comes from one party. */
function checkSenders({ children }: Payload): void {
  const senders = children.filter(({ payload }) => payload.values.participationtypemask === 1);
  if (senders.length > 1) throw badArgument('Communication activity cannot have more than one Sender party');
}

/** Adds an existing row to a collection: through the pair table, or by pointing its lookup back. */
export function join(
  { org, actor }: Exchange,
  {
    navigation,
    near,
    far,
  }: {
    readonly navigation: Payload['links'][number]['navigation'];
    readonly near: { readonly table: string; readonly id: string };
    readonly far: Row;
  },
): void {
  if (navigation.kind === 'members') {
    org.store.associate({ navigation: navigation.name, near, far: referenceTo(far) });
    return;
  }
  const values = { [navigation.relationship.attribute]: near };
  org.store.update({ table: far.table, id: far.id, values, actor });
}
