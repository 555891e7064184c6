import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { findTableByName } from '../model/table.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import { loadTable } from '../run/metadata-table.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** Maximum number of rows per request. */
const maxPageRows = 100;
/** Dataverse allows a user one search per second. */
const minIntervalMs = 1000;

/**
 * Finds rows of several tables that contain the given words, best matches first, with Dataverse search.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export const searchRecords: Handler = async ({ text, tables, match, syntax, filter, limit }, context) => {
  const { clock } = context.connection.services;
  const names = tables as readonly string[] | undefined;
  const search = omitUndefined({
    search: String(text),
    entities: names && (await searchEntities(context, names)),
    filter,
    options: JSON.stringify({ querytype: syntax, searchmode: match }),
    // Without a second criterion, rows of equal score could move from one page to another.
    orderby: JSON.stringify(['@search.score desc', 'modifiedon desc']),
  });
  const rows: JsonObject[] = [];
  for (;;) {
    const top = Math.min(Number(limit) - rows.length, maxPageRows);
    const hits = await readHits(context, { ...search, top, skip: rows.length });
    for (const hit of hits) rows.push(await shapeHit(context, hit));
    if (hits.length < top || rows.length >= Number(limit)) return rows;
    await clock.sleep(minIntervalMs, context.options.signal);
  }
};

/** The tables to search and their columns; of a table without a schema of ours, only the name column. */
async function searchEntities({ connection }: HandlerContext, names: readonly string[]): Promise<string> {
  const { tables } = connection.definition;
  const entities = names.map(async (name) => {
    const table = findTableByName(tables, name) ?? (await loadTable(connection, name)).table;
    const searched = table.columns.flatMap(({ searchable, logicalName }) =>
      searchable ? [logicalName] : [],
    );
    const columns = [...new Set([table.primaryName, ...searched])];
    return { name: table.logicalName, searchColumns: columns, selectColumns: columns };
  });
  return JSON.stringify(await Promise.all(entities));
}

async function readHits({ connection, action, options }: HandlerContext, search: JsonObject) {
  const { body } = await sendApiRequest(connection, {
    operation: action.id,
    method: 'POST',
    path: '/searchquery',
    body: search,
    safety: 'repeatable',
    signal: options.signal,
  });
  return parseHits((body as JsonObject | null)?.response);
}

/** A row in the response of a search. */
interface SearchHit {
  readonly Id: string;
  readonly EntityName: string;
  readonly Score: number;
  readonly Attributes: JsonObject;
  readonly Highlights: Readonly<Record<string, readonly string[]>>;
}

/** The rows of a response. Its `response` is a text that contains JSON. */
function parseHits(response: Json | undefined): readonly SearchHit[] {
  const { Value } = readJson(response);
  if (Array.isArray(Value)) return Value;
  throw new ConnectorError('RESPONSE_INVALID', 'The response of the search has no list "Value".');
}

function readJson(text: Json | undefined): { readonly Value?: readonly SearchHit[] } {
  try {
    return JSON.parse(String(text)) ?? {};
  } catch {
    throw new ConnectorError('RESPONSE_INVALID', 'The "response" of the search is not JSON.');
  }
}

/** A hit with our names of the table and its columns, or Dataverse's names for a table without a schema of ours. */
async function shapeHit(context: HandlerContext, hit: SearchHit): Promise<JsonObject> {
  const { Id, EntityName, Score, Attributes, Highlights } = hit;
  const table = findTableByName(context.connection.definition.tables, EntityName);
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
