import { didYouMean } from '../errors/did-you-mean.ts';
import type { Issue } from '../model/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { throwIfInvalid } from '../run/codec/invalid-value.ts';
import { compileValueShaper } from '../run/codec/shape-row.ts';
import { loadTable } from '../run/metadata-table.ts';
import { queryRows } from '../run/query-rows.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** Names of the totals in `$apply`; no column of a table has a name with this form. */
const totals = { sum: 'total_sum', average: 'total_average', count: 'total_count' } as const;

/**
 * Counts rows by groups, and adds up or averages a column, with one request. Columns have our names where the table has a
 * schema, else their logical names. https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */
export const summarizeRows: Handler = async (
  { table, groupBy = [], sum, average, filter, limit },
  { connection, options },
): Promise<Json> => {
  const findColumn = await columnFinder(connection, String(table));
  const issues: Issue[] = [];
  const columnAt = (name: Json | undefined, path: string) =>
    name === undefined ? undefined : findColumn(String(name), path, issues);
  const groups = (groupBy as readonly string[]).map((name, at) => columnAt(name, `/groupBy/${at}`));
  const [sumColumn, averageColumn] = [columnAt(sum, '/sum'), columnAt(average, '/average')];
  throwIfInvalid(issues);
  const grouped = groups.filter((column) => column !== undefined);
  const items = [
    `$count as ${totals.count}`,
    ...(sumColumn ? [`${sumColumn.wireName} with sum as ${totals.sum}`] : []),
    ...(averageColumn ? [`${averageColumn.wireName} with average as ${totals.average}`] : []),
  ].join(',');
  const aggregate = `aggregate(${items})`;
  // Aggregates do not say whether an owner is a user or a team; its team does, and splits no group.
  const byOwner = grouped.some(({ logicalName }) => logicalName === ownerColumn);
  const names = [...grouped.map(({ wireName }) => wireName), ...(byOwner ? [owningTeam] : [])].join(',');
  const summary = grouped.length === 0 ? aggregate : `groupby((${names}),${aggregate})`;
  const apply = filter === undefined ? summary : `filter(${String(filter)})/${summary}`;
  const rows: JsonObject[] = [];
  for await (const page of queryRows(connection, { table: String(table), apply }, options)) {
    rows.push(...page.map((row) => shapeGroup(row, { grouped, sumColumn, averageColumn })));
  }
  return rows.sort((a, b) => Number(b.count) - Number(a.count)).slice(0, Number(limit));
};

type FindColumn = (name: string, path: string, issues: Issue[]) => TableColumn | undefined;

/** Finds a column by our name, its logical name or its name in a query. */
async function columnFinder(
  connection: HandlerContext['connection'],
  tableName: string,
): Promise<FindColumn> {
  const { table: fromMetadata } = await loadTable(connection, tableName);
  const { tables } = connection.definition;
  const own: Table | undefined = Object.values(tables).find(
    ({ logicalName }) => logicalName === fromMetadata.logicalName,
  );
  const columns = [...(own?.columns ?? []), ...fromMetadata.columns];
  return (name, path, issues) => {
    const found =
      columns.find((column) => column.name === name) ??
      columns.find(({ logicalName, wireName }) => logicalName === name || wireName === name);
    if (found !== undefined) return found;
    const names = new Set((own ?? fromMetadata).columns.map((column) => column.name));
    issues.push({ path, message: `is not a column of the table${didYouMean(name, names)}`, keyword: 'enum' });
    return undefined;
  };
}

const ownerColumn = 'ownerid';
const owningTeam = '_owningteam_value';

function withOwnerTable(owner: Json, row: JsonObject): Json {
  if (!isJsonObject(owner)) return owner;
  return { ...owner, table: typeof row[owningTeam] === 'string' ? 'team' : 'user' };
}

interface SummaryColumns {
  readonly grouped: readonly TableColumn[];
  readonly sumColumn: TableColumn | undefined;
  readonly averageColumn: TableColumn | undefined;
}

function shapeGroup(row: JsonObject, { grouped, sumColumn, averageColumn }: SummaryColumns): JsonObject {
  const group: Record<string, Json> = {};
  for (const column of grouped) {
    const value = row[column.wireName] ?? null;
    const shaped = compileValueShaper(column)?.(value, row) ?? value;
    group[column.name] = column.logicalName === ownerColumn ? withOwnerTable(shaped, row) : shaped;
  }
  if (sumColumn !== undefined) group.sum = row[totals.sum] ?? null;
  if (averageColumn !== undefined) group.average = row[totals.average] ?? null;
  return { ...group, count: row[totals.count] ?? 0 };
}
