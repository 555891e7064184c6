import type { TableModel } from '../model/types.ts';
import { noContent } from '../protocol/answer.ts';
import { findRow, type RowKey, readGuid, requireRow } from '../protocol/key.ts';
import { badPayload, refuse } from '../protocol/refusal.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { setOf, typeName } from '../protocol/wire.ts';
import { isObject, readPayload } from '../protocol/write/payload.ts';
import { insertPayload, updatePayload } from '../protocol/write/save.ts';
import type { Row, Values } from '../store/types.ts';
import { answerOf, listParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

const onSet = { kind: 'action', on: { kind: 'set' }, parameters: { Targets: 'required' } } as const;

/**
 * Many rows of one table in one transaction: all or none.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const bulkOperations: readonly Operation[] = [
  {
    name: 'CreateMultiple',
    ...onSet,
    run: (call) => answerOf(call, { Ids: targets(call).map((target) => create(call, target).id) }),
  },
  { name: 'UpdateMultiple', ...onSet, run: (call) => each(call, update) },
  { name: 'UpsertMultiple', ...onSet, run: (call) => each(call, upsert) },
  {
    name: 'DeleteMultiple',
    ...onSet,
    run() {
      throw refuse(501, '0x80060888', 'DeleteMultiple has not yet been implemented.');
    },
  },
];

type Target = Readonly<Record<string, unknown>>;

function each(call: Call, write: (call: Call, target: Target) => Row): OrgResponse {
  for (const target of targets(call)) write(call, target);
  return noContent(call.exchange);
}

/** The items; each must say its type. */
function targets(call: Call): readonly Target[] {
  const table = call.table!;
  const items = listParameter(call, 'Targets');
  if (items.length === 0) throw badPayload(setOf(table), "The parameter 'Targets' is empty.");
  return items.map((item) => {
    if (!isObject(item)) throw badPayload(setOf(table), "An item of 'Targets' must be an object.");
    const type = item['@odata.type'];
    if (typeof type !== 'string' || type.replace(/^#/, '') !== typeName(table)) {
      throw badPayload(
        setOf(table),
        `An item of 'Targets' must have the '@odata.type' '${typeName(table)}'.`,
      );
    }
    return item;
  });
}

function create({ exchange, table }: Call, target: Target): Row {
  return insertPayload(exchange, readPayload(exchange, table!, target, { creating: true }));
}

function update({ exchange, table }: Call, target: Target): Row {
  const row = requireRow(exchange.org.store, table!, keyOf(table!, target));
  return updatePayload(exchange, readPayload(exchange, table!, target, { creating: false }), { row });
}

function upsert(call: Call, target: Target): Row {
  const known = findRow(call.exchange.org.store, call.table!, keyOf(call.table!, target));
  return known ? update(call, target) : create(call, target);
}

/** The primary key among the item's properties, or an alternate key all of whose columns are there. */
function keyOf(table: TableModel, target: Target): RowKey {
  const raw = target[table.primaryId];
  const id = typeof raw === 'string' ? readGuid(raw) : undefined;
  if (id) return { kind: 'id', id };
  const key = table.keys.find(({ columns }) => columns.every((column) => isKeyValue(target[column])));
  if (!key)
    throw badPayload(setOf(table), `An item of 'Targets' must have a value for '${table.primaryId}'.`);
  return {
    kind: 'alternate',
    values: Object.fromEntries(key.columns.map((column) => [column, target[column]])) as Values,
  };
}

function isKeyValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
