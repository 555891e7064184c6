import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import { loadTable } from '../run/metadata-table.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** The most that one request answers, and how long to wait for the next: a user may search once a second. */
const paging = { most: 100, everyMs: 1000 };

/**
 * Rows of several tables in which words stand, the best first, found by Dataverse's search index.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export const searchRecords: Handler = async ({ text, tables, match, syntax, filter, limit }, context) => {
  const { clock } = context.connection.services;
  const search: JsonObject = {
    search: text!,
    ...(tables !== undefined && { entities: await searchEntities(context, tables as readonly string[]) }),
    ...(filter !== undefined && { filter }),
    options: JSON.stringify({ querytype: syntax, searchmode: match }),
    // Rows that fit equally well would change places between two pages.
    orderby: JSON.stringify(['@search.score desc', 'modifiedon desc']),
  };
  const rows: JsonObject[] = [];
  for (;;) {
    const top = Math.min(Number(limit) - rows.length, paging.most);
    const hits = await readHits(context, { ...search, top, skip: rows.length });
    for (const hit of hits) rows.push(await shapeHit(context, hit));
    if (hits.length < top || rows.length >= Number(limit)) return rows;
    await clock.sleep(paging.everyMs, context.options.signal);
  }
};

/** Which tables to search, and which of their columns: of a table without a schema here only the name. */
async function searchEntities(context: HandlerContext, names: readonly string[]): Promise<string> {
  const entities = names.map(async (name) => {
    const table = findOwnTable(context, name) ?? (await loadTable(context.connection, name)).table;
    const searched = table.columns.flatMap(({ searchable, logicalName }) =>
      searchable ? [logicalName] : [],
    );
    const columns = [...new Set([table.primaryName, ...searched])];
    return { name: table.logicalName, searchColumns: columns, selectColumns: columns };
  });
  return JSON.stringify(await Promise.all(entities));
}

/** The table of our own, by any of its names. */
function findOwnTable({ connection }: HandlerContext, written: string): Table | undefined {
  const tables = Object.values(connection.definition.tables);
  return tables.find(({ name, logicalName, entitySet }) => [name, logicalName, entitySet].includes(written));
}

async function readHits({ connection, action, options }: HandlerContext, search: JsonObject) {
  const { body } = await sendApiRequest(connection, {
    operation: action.id,
    method: 'POST',
    path: '/searchquery',
    body: search,
    safety: 'repeatable',
    ...(options.signal && { signal: options.signal }),
  });
  return parseHits((body as JsonObject | null)?.response);
}

/** A row as the index tells of it. */
interface SearchHit {
  readonly Id: string;
  readonly EntityName: string;
  readonly Score: number;
  readonly Attributes: JsonObject;
  readonly Highlights: Readonly<Record<string, readonly string[]>>;
}

/** The answer is JSON once more, in a text. */
function parseHits(response: Json | undefined): readonly SearchHit[] {
  const { Value } = readJson(response);
  if (Array.isArray(Value)) return Value;
  throw new ConnectorError('RESPONSE_INVALID', 'The answer of the search has no "Value" with rows.');
}

function readJson(text: Json | undefined): { readonly Value?: readonly SearchHit[] } {
  try {
    return JSON.parse(String(text)) ?? {};
  } catch {
    throw new ConnectorError('RESPONSE_INVALID', 'The "response" of the search is no JSON.');
  }
}

/** In our words where there is a schema here: of the table, and of its columns. */
async function shapeHit(context: HandlerContext, hit: SearchHit): Promise<JsonObject> {
  const { Id, EntityName, Score, Attributes, Highlights } = hit;
  const table = findOwnTable(context, EntityName);
  const { source } = context.connection.queryChecker;
  const { primaryName } = table ?? (await source.getTable(EntityName).catch(ignoreConnectorError)) ?? {};
  const rename = (column: string) => table?.columns.find((own) => own.logicalName === column)?.name ?? column;
  const columns = Object.entries(Attributes).filter(([column]) => !column.includes('@'));
  return {
    table: table?.name ?? EntityName,
    id: Id,
    score: Score,
    name: (primaryName && Attributes[primaryName]) ?? null,
    highlights: Object.fromEntries(
      Object.entries(Highlights ?? {}).map(([column, texts]) => [rename(column), texts.map(highlightText)]),
    ),
    columns: Object.fromEntries(columns.map(([column, value]) => [rename(column), value])),
  };
}

/** `{crmhit}kettle{/crmhit}` -> `**kettle**` */
function highlightText(text: string): string {
  return text.replaceAll(/\{\/?crmhit\}/g, '**');
}
