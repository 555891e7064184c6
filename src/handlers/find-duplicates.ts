import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { readODataPage } from '../odata/read-page.ts';
import { withRowType } from '../odata/row-type.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { encodeRecord } from '../run/codec/encode-record.ts';
import { throwIfInvalid } from '../run/codec/invalid-value.ts';
import { compileRowShaper } from '../run/codec/shape-row.ts';
import { loadLookupTables } from '../run/load-lookup-tables.ts';
import { loadTable, metadataTablesOf } from '../run/metadata-table.ts';
import { type Handler, type HandlerContext, tableOf } from './handler.ts';
import { sendRead } from './send-read.ts';

/**
 * Finds the rows that the published duplicate detection rules of the organization call duplicates of a row: of an
 * existing one by its id, or of one that is not saved, by its columns (only `record.find-duplicates`).
 * https://learn.microsoft.com/power-apps/developer/data-platform/detect-duplicate-data-with-code
 */
export const findDuplicates: Handler = async (input, context): Promise<Json> => {
  const { table: name, limit } = input;
  if (name === undefined) {
    const table = tableOf(context);
    return await readDuplicates(context, { table, row: { [table.key]: input.id ?? null }, limit });
  }
  const { table, body } = await loadRow(context, input);
  const { table: found } =
    input.among === undefined ? { table } : await loadTable(context.connection, String(input.among));
  return await readDuplicates(context, { table, row: body, limit, found });
};

/** The row of the input: its key, or its encoded columns. */
async function loadRow(
  { connection }: HandlerContext,
  { table: name, id, values }: JsonObject,
): Promise<{ readonly table: Table; readonly body: JsonObject }> {
  if ((id === undefined) === (values === undefined)) {
    throwIfInvalid([{ path: '', message: 'must have either "id" or "values"', keyword: 'oneOf' }]);
  }
  return await withCurrentMetadata(connection.queryChecker.source, async () => {
    const loaded = await loadTable(connection, String(name));
    const { table } = loaded;
    if (values === undefined) return { table, body: { [table.key]: id ?? null } };
    const row = values as JsonObject;
    const { definition } = await loadLookupTables(loaded.connection, table, [row]);
    const options = { purpose: 'create', path: '/values', tables: metadataTablesOf(definition) } as const;
    return { table, body: encodeRecord(table, row, options).body };
  });
}

interface DuplicateSearch {
  readonly table: Table;
  /** The key or the columns of the row, in Dataverse's names. */
  readonly row: JsonObject;
  readonly limit: Json | undefined;
  /** The table of the duplicates; that of the row by default. */
  readonly found?: Table;
}

async function readDuplicates(
  context: HandlerContext,
  { table, row, limit, found = table }: DuplicateSearch,
): Promise<readonly JsonObject[]> {
  const body = await sendRead(context, {
    path: '/RetrieveDuplicates(BusinessEntity=@p1,MatchingEntityName=@p2,PagingInfo=@p3)',
    query: {
      '@p1': JSON.stringify(withRowType(table.logicalName, row)),
      '@p2': `'${found.logicalName}'`,
      '@p3': JSON.stringify({ PageNumber: 1, Count: Number(limit) }),
    },
  });
  return readODataPage(body).rows.map(compileRowShaper(found));
}
