import type { TableModel } from '../model/types.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { dataverseError, invalidPayload } from '../web-api/errors.ts';
import { entitySetName, entityTypeName } from '../web-api/odata-names.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { findRow, parseGuid, type RowKey, requireRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { isJsonObject, readPayload } from '../web-api/write/read-payload.ts';
import { insertPayload, updatePayload } from '../web-api/write/save-payload.ts';
import { operationResponse, readListParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const setBoundAction = {
  kind: 'action',
  boundTo: { kind: 'set' },
  parameters: { Targets: 'required' },
} as const;

/**
 * Many rows of one table in one transaction: all or none.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const bulkOperations: readonly WebApiOperation[] = [
  {
    name: 'CreateMultiple',
    ...setBoundAction,
    run: (call) =>
      operationResponse(call, { Ids: readTargets(call).map((target) => createTarget(call, target).id) }),
  },
  { name: 'UpdateMultiple', ...setBoundAction, run: (call) => writeEach(call, updateTarget) },
  { name: 'UpsertMultiple', ...setBoundAction, run: (call) => writeEach(call, upsertTarget) },
  {
    name: 'DeleteMultiple',
    ...setBoundAction,
    run() {
      throw dataverseError(501, '0x80060888', 'DeleteMultiple has not yet been implemented.');
    },
  },
];

type BulkTarget = Readonly<Record<string, unknown>>;

function writeEach(
  call: OperationContext,
  write: (call: OperationContext, target: BulkTarget) => StoredRow,
): WebApiResponse {
  for (const target of readTargets(call)) write(call, target);
  return noContentResponse(call.context);
}

/** The items; each must say its type. */
function readTargets(call: OperationContext): readonly BulkTarget[] {
  const table = call.table!;
  const items = readListParameter(call, 'Targets');
  if (items.length === 0) throw invalidPayload(entitySetName(table), "The parameter 'Targets' is empty.");
  return items.map((item) => {
    if (!isJsonObject(item))
      throw invalidPayload(entitySetName(table), "An item of 'Targets' must be an object.");
    const type = item['@odata.type'];
    if (typeof type !== 'string' || type.replace(/^#/, '') !== entityTypeName(table)) {
      throw invalidPayload(
        entitySetName(table),
        `An item of 'Targets' must have the '@odata.type' '${entityTypeName(table)}'.`,
      );
    }
    return item;
  });
}

function createTarget({ context, table }: OperationContext, target: BulkTarget): StoredRow {
  return insertPayload(context, readPayload(context, table!, target, { creating: true }));
}

function updateTarget({ context, table }: OperationContext, target: BulkTarget): StoredRow {
  const row = requireRow(context.org.store, table!, readTargetKey(table!, target));
  return updatePayload(context, readPayload(context, table!, target, { creating: false }), { row });
}

function upsertTarget(call: OperationContext, target: BulkTarget): StoredRow {
  const existing = findRow(call.context.org.store, call.table!, readTargetKey(call.table!, target));
  return existing ? updateTarget(call, target) : createTarget(call, target);
}

/** The primary key among the item's properties, or an alternate key all of whose columns are there. */
function readTargetKey(table: TableModel, target: BulkTarget): RowKey {
  const raw = target[table.primaryId];
  const id = typeof raw === 'string' ? parseGuid(raw) : undefined;
  if (id) return { kind: 'id', id };
  const key = table.keys.find(({ columns }) => columns.every((column) => isKeyValue(target[column])));
  if (!key)
    throw invalidPayload(
      entitySetName(table),
      `An item of 'Targets' must have a value for '${table.primaryId}'.`,
    );
  return {
    kind: 'alternate',
    values: Object.fromEntries(key.columns.map((column) => [column, target[column]])) as ColumnValues,
  };
}

function isKeyValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
