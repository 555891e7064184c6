import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { unreadable } from '../query/find-table.ts';
import { callApi } from '../run/call-api.ts';
import { withTable } from '../run/organisation-table.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** The most that one request answers, and how long to wait for the next: a user may search once a second. */
const PAGE = { most: 100, everyMs: 1000 };

/**
 * Rows of several tables in which words stand, the best first, found by Dataverse's search index.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export const searchRecords: Handler = async ({ text, tables, match, syntax, filter, limit }, context) => {
  const { clock } = context.connection.world;
  const search: JsonObject = {
    search: text!,
    ...(tables !== undefined && { entities: await scopeOf(context, tables as readonly string[]) }),
    ...(filter !== undefined && { filter }),
    options: JSON.stringify({ querytype: syntax, searchmode: match }),
    // Rows that fit equally well would change places between two pages.
    orderby: JSON.stringify(['@search.score desc', 'modifiedon desc']),
  };
  const rows: JsonObject[] = [];
  for (;;) {
    const top = Math.min(Number(limit) - rows.length, PAGE.most);
    const hits = await readHits(context, { ...search, top, skip: rows.length });
    for (const hit of hits) rows.push(await shapeHit(context, hit));
    if (hits.length < top || rows.length >= Number(limit)) return rows;
    await clock.sleep(PAGE.everyMs, context.options.signal);
  }
};

/** Which tables to search, and which of their columns: of a table without a schema here only the name. */
async function scopeOf(context: HandlerContext, names: readonly string[]): Promise<string> {
  const scope = names.map(async (name) => {
    const table = ours(context, name) ?? (await withTable(context.connection, name)).table;
    const searched = table.columns.flatMap(({ searched, column }) => (searched ? [column] : []));
    const columns = [...new Set([table.primaryName, ...searched])];
    return { name: table.logicalName, searchColumns: columns, selectColumns: columns };
  });
  return JSON.stringify(await Promise.all(scope));
}

/** The table of our own, by any of its names. */
function ours({ connection }: HandlerContext, written: string): Table | undefined {
  const tables = Object.values(connection.definition.tables);
  return tables.find(({ name, logicalName, set }) => [name, logicalName, set].includes(written));
}

async function readHits({ connection, action, options }: HandlerContext, search: JsonObject) {
  const { body } = await callApi(connection, {
    operation: action.id,
    method: 'POST',
    path: '/searchquery',
    body: search,
    safety: 'repeatable',
    ...(options.signal && { signal: options.signal }),
  });
  return hitsOf((body as JsonObject | null)?.response);
}

/** A row as the index tells of it. */
interface Hit {
  readonly Id: string;
  readonly EntityName: string;
  readonly Score: number;
  readonly Attributes: JsonObject;
  readonly Highlights: Readonly<Record<string, readonly string[]>>;
}

/** The answer is JSON once more, in a text. */
function hitsOf(response: Json | undefined): readonly Hit[] {
  const { Value } = readJson(response);
  if (Array.isArray(Value)) return Value;
  throw new ConnectorError('RESPONSE_INVALID', 'The answer of the search has no "Value" with rows.');
}

function readJson(text: Json | undefined): { readonly Value?: readonly Hit[] } {
  try {
    return JSON.parse(String(text)) ?? {};
  } catch {
    throw new ConnectorError('RESPONSE_INVALID', 'The "response" of the search is no JSON.');
  }
}

/** In our words where there is a schema here: of the table, and of its columns. */
async function shapeHit(context: HandlerContext, hit: Hit): Promise<JsonObject> {
  const { Id, EntityName, Score, Attributes, Highlights } = hit;
  const table = ours(context, EntityName);
  const { source } = context.connection.checker;
  const { primaryName } = table ?? (await source.table(EntityName).catch(unreadable)) ?? {};
  const rename = (column: string) => table?.columns.find((own) => own.column === column)?.name ?? column;
  const columns = Object.entries(Attributes).filter(([column]) => !column.includes('@'));
  return {
    table: table?.name ?? EntityName,
    id: Id,
    score: Score,
    name: (primaryName && Attributes[primaryName]) ?? null,
    highlights: Object.fromEntries(
      Object.entries(Highlights ?? {}).map(([column, texts]) => [rename(column), texts.map(readable)]),
    ),
    columns: Object.fromEntries(columns.map(([column, value]) => [rename(column), value])),
  };
}

/** `{crmhit}kettle{/crmhit}` -> `**kettle**` */
function readable(text: string): string {
  return text.replaceAll(/\{\/?crmhit\}/g, '**');
}
