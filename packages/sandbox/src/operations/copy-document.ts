import { findRows } from '../logic/find-rows.ts';
import { documentTypes } from '../logic/sales-documents.ts';
import type { Attribute } from '../model/types.ts';
import { referenceTo } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import type { WebApiContext } from '../web-api/types.ts';
import { insertValues } from '../web-api/write/save-values.ts';

/** Columns that a copy gets itself: its state, its number, its times and its price lock. */
const ownColumns =
  /^(?:state|status)code$|^(?:quote|order|invoice|revision)number$|^overriddencreatedon$|^importsequencenumber$|^ispricelocked$|^processid$|^stageid$|^traversedpath$/;

/** Creates a document of another table (or a new revision) with the columns and the lines of a document. */
export function copyDocument(
  context: WebApiContext,
  source: StoredRow,
  { table, extra }: { readonly table: string; readonly extra: ColumnValues },
): StoredRow {
  const from = documentTypes.find((type) => type.table === source.table);
  const to = documentTypes.find((type) => type.table === table);
  if (!from || !to) throw new TypeError(`${source.table} and ${table} must be documents with lines.`);
  const copy = insertValues(context, table, { ...copyColumns(context, source, table), ...extra });
  const filter = `_${from.key}_value eq ${source.id}`;
  for (const line of findRows(context.org.systemStore, from.lineTable, filter)) {
    const values = copyColumns(context, line, to.lineTable);
    // A copied line keeps its price, also when the price list has changed since.
    const own = { ispriceoverridden: line.values.ispriceoverridden ?? false, [to.key]: referenceTo(copy) };
    insertValues(context, to.lineTable, { ...values, ...own });
  }
  return copy;
}

/** The values of the columns that both tables have and that a new row can have. */
function copyColumns({ org }: WebApiContext, { table, values }: StoredRow, to: string): ColumnValues {
  const { model } = org.systemStore;
  const source = requireTable(model, table);
  const target = requireTable(model, to);
  const isCopied = ({ logicalName, type, validForCreate }: Attribute) =>
    validForCreate &&
    !ownColumns.test(logicalName) &&
    logicalName !== target.primaryId &&
    logicalName !== source.primaryId &&
    model.attribute(source, logicalName)?.type === type &&
    (values[logicalName] ?? null) !== null;
  return Object.fromEntries(
    target.attributes.filter(isCopied).map(({ logicalName }) => [logicalName, values[logicalName] ?? null]),
  );
}
