import { isJsonObject } from 'dynamics365-connector/host';
import { parseGuid } from '../guid.ts';
import type { TableModel } from '../model/types.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError, invalidPayload } from '../web-api/errors.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import { entitySetName, entityTypeName } from '../web-api/odata-names.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { findRow, type RowKey, requireRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { insertPayload, updatePayload } from '../web-api/write/save-payload.ts';
import { operationResponse, readListParameter, requireBoundTable } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const setBoundAction = {
  kind: 'action',
  boundTo: { kind: 'set' },
  parameters: { Targets: 'required' },
} as const;

/**
 * Operations on many rows of one table, in one transaction.
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
      throw new DataverseError(501, '0x80060888', 'DeleteMultiple has not yet been implemented.');
    },
  },
];

function writeEach(
  call: OperationContext,
  write: (call: OperationContext, target: JsonBody) => StoredRow,
): WebApiResponse {
  for (const target of readTargets(call)) write(call, target);
  return noContentResponse(call.context);
}

/** The items of `Targets`. Each one must have its `@odata.type`. */
function readTargets(call: OperationContext): readonly JsonBody[] {
  const table = requireBoundTable(call);
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

function createTarget(call: OperationContext, target: JsonBody): StoredRow {
  const { context } = call;
  return insertPayload(context, readPayload(context, requireBoundTable(call), target, { creating: true }));
}

function updateTarget(call: OperationContext, target: JsonBody): StoredRow {
  const { context } = call;
  const table = requireBoundTable(call);
  const row = requireRow(context.org.store, table, readTargetKey(table, target));
  return updatePayload(context, readPayload(context, table, target, { creating: false }), { row });
}

function upsertTarget(call: OperationContext, target: JsonBody): StoredRow {
  const table = requireBoundTable(call);
  const existing = findRow(call.context.org.store, table, readTargetKey(table, target));
  return existing ? updateTarget(call, target) : createTarget(call, target);
}

/** The key of an item: its primary key, or an alternate key with all columns. */
function readTargetKey(table: TableModel, target: JsonBody): RowKey {
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
