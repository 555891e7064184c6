import { crmNamespace } from 'dynamics365-connector/odata';
import { requireTable } from '../store/require-table.ts';
import type { StoredRow } from '../store/types.ts';
import { buildRowShape } from '../web-api/build-row-shape.ts';
import { serializeEntity } from '../web-api/read/get-row.ts';
import { jsonResponse } from '../web-api/responses.ts';
import { requireRow } from '../web-api/row-key.ts';
import type { RowShape } from '../web-api/row-shape.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { findResultType } from './result-types.ts';
import type { OperationContext } from './types.ts';

/**
 * The response of an operation whose result is a row, with all columns or those of these logical names. A result of
 * any table names its type.
 */
export function rowResponse(
  { context, operation }: OperationContext,
  row: StoredRow,
  columns?: readonly string[],
): WebApiResponse {
  const { store } = context.org;
  const table = requireTable(store.model, row.table);
  const current = requireRow(store, table, { kind: 'id', id: row.id });
  const { '@odata.context': contextUri, ...members } = serializeEntity(
    context,
    current,
    selectColumns(buildRowShape(store.model, table, {}), columns),
  ) as Readonly<Record<string, unknown>>;
  const isOfAnyTable = findResultType(operation) === 'mscrm.crmbaseentity';
  const type = isOfAnyTable ? { '@odata.type': `#${crmNamespace}${table.logicalName}` } : {};
  return jsonResponse(context, { '@odata.context': contextUri, ...type, ...members });
}

function selectColumns(shape: RowShape, columns: readonly string[] | undefined): RowShape {
  if (!columns) return shape;
  const names = new Set([...columns, shape.table.primaryId]);
  return { ...shape, columns: shape.columns.filter(({ logicalName }) => names.has(logicalName)) };
}
