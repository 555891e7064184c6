import { isJsonObject } from 'dynamics365-connector/base';
import type { TableModel } from '../model/types.ts';
import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import { toJsonText } from '../web-api/exact-json.ts';
import type { OrganizationContext, WebApiRequest, WebApiResponse } from '../web-api/types.ts';
import { searchableColumns } from './search-scope.ts';

/** A request to `/api/search/<version>/<name>`. */
export interface NativeSearch {
  readonly version: '1.0' | '2.0';
  readonly name: string;
}

const endpointNames = ['query', 'suggest', 'autocomplete', 'status', 'statistics'];

/** The search endpoint of a target; undefined for the Web API. */
export function parseNativeSearch(target: string): NativeSearch | undefined {
  const [, version, name = ''] = /^\/+api\/+search\/+v([\d.]+)\/+(\w+)\/*(?:\?|$)/i.exec(target) ?? [];
  if (version !== '1.0' && version !== '2.0') return undefined;
  return endpointNames.includes(name) ? { version, name } : undefined;
}

/**
 * Handles a request of the search API outside OData. It runs the operation of the Web API with the same meaning;
 * version 1.0 has its own names of parameters and results.
 *
 * @param run Runs a request of the Web API; throws DataverseError.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/search/overview
 */
export function handleNativeSearch(
  { version, name }: NativeSearch,
  { org, request }: { readonly org: OrganizationContext; readonly request: WebApiRequest },
  run: (request: WebApiRequest) => WebApiResponse,
): WebApiResponse {
  const body = request.body.length === 0 ? request.body : readBody(org, request, version);
  const result = run({
    ...request,
    body,
    target: `/api/data/v9.2/search${name}${name.startsWith('stat') ? '()' : ''}`,
  });
  const { response } = JSON.parse(String(result.body)) as { response: string };
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: toJsonText(version === '2.0' ? { response } : toFirstVersion(name, JSON.parse(response))),
  };
}

function readBody(org: OrganizationContext, request: WebApiRequest, version: string): Uint8Array {
  const body = withLowerCaseNames(parseBody(request));
  const parameters = version === '2.0' ? body : fromFirstVersion(org, body);
  return new TextEncoder().encode(JSON.stringify(parameters));
}

function parseBody({ body }: WebApiRequest): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isJsonObject(json)) return json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DataverseError(400, '0x80060888', 'The request body is not a JSON object.');
}

/** Names are read in any case: `returntotalrecordcount` and `returnTotalRecordCount`. */
function withLowerCaseNames(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The parameters of version 1.0 with the names and forms of version 2.0. */
function fromFirstVersion(
  org: OrganizationContext,
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { entities, facets, orderby, returntotalrecordcount, searchmode, searchtype, usefuzzy, ...same } =
    body;
  const tables = readTableNames(entities ?? []);
  const options = { searchmode, querytype: searchtype === 'full' ? 'lucene' : searchtype };
  const text = (value: unknown) =>
    value === undefined || value === null ? undefined : JSON.stringify(value);
  return {
    ...same,
    options: JSON.stringify(options),
    entities: text(tables.length === 0 ? undefined : tables.map((table) => toSearchedTable(org, table))),
    facets: text(facets),
    orderby: text(orderby),
    count: returntotalrecordcount,
    fuzzy: usefuzzy,
  };
}

function readTableNames(entities: unknown): readonly string[] {
  if (Array.isArray(entities) && entities.every((entity) => typeof entity === 'string')) return entities;
  throw invalidArgument("The parameter 'entities' must be a list of table names.");
}

/** Version 1.0 searches and returns all indexed columns of a named table. */
function toSearchedTable({ store }: OrganizationContext, name: string): object {
  const table: TableModel | undefined = store.model.table(name);
  const columns = table ? searchableColumns(table).map(({ logicalName }) => logicalName) : [];
  return { name, searchcolumns: columns, selectcolumns: columns };
}

interface SecondVersionResult {
  readonly Value: string | readonly SecondVersionItem[];
  readonly Facets?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly Count?: number;
}

interface SecondVersionItem {
  readonly Id: string;
  readonly EntityName: string;
  readonly Attributes: object;
  readonly Highlights: object;
  readonly Score: number;
  readonly Text: string;
  readonly Document: object;
}

/** A result of version 2.0 in the form of version 1.0. Those of status and statistics are the same in both. */
function toFirstVersion(name: string, result: SecondVersionResult): object {
  if (name === 'status' || name === 'statistics') return result;
  const { Value, Facets, Count } = result;
  if (typeof Value === 'string') return { value: Value, querycontext: null };
  if (name === 'suggest') {
    return {
      value: Value.map(({ Text, Document }) => ({ text: Text, document: Document })),
      querycontext: null,
    };
  }
  return {
    value: Value.map(({ Id, EntityName, Attributes, Highlights, Score }) => ({
      '@search.score': Score,
      '@search.highlights': Highlights,
      '@search.entityname': EntityName,
      '@search.objectid': Id,
      ...Attributes,
    })),
    facets: Object.fromEntries(
      Object.entries(Facets ?? {}).map(([facet, values]) => [facet, values.map(withLowerCaseNames)]),
    ),
    totalrecordcount: Count,
    querycontext: null,
  };
}
