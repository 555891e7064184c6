import { invalidArgument } from '../web-api/errors.ts';
import { operationResponse, readBooleanParameter, readStringParameter } from './parameters.ts';
import { countFacets } from './search-facets.ts';
import {
  createHitComparator,
  findHits,
  readJsonParameter,
  readPageNumber,
  readSearchRequest,
  requireSearchEnabled,
  type SearchHit,
  toSearchResult,
} from './search-hits.ts';
import { allSearchScopes, readSearchScopes } from './search-scope.ts';
import { buildSearchStatistics, buildSearchStatus } from './search-status.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const scopeParameters = {
  search: 'required',
  entities: 'optional',
  filter: 'optional',
  options: 'optional',
  propertybag: 'optional',
} as const;

/**
 * Relevance search over all rows. Structured parameters and the response are JSON in a string.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/overview
 */
export const searchOperations: readonly WebApiOperation[] = [
  {
    name: 'searchquery',
    kind: 'action',
    parameters: {
      ...scopeParameters,
      count: 'optional',
      facets: 'optional',
      orderby: 'optional',
      skip: 'optional',
      top: 'optional',
    },
    run: runSearchQuery,
  },
  {
    name: 'searchsuggest',
    kind: 'action',
    parameters: { ...scopeParameters, fuzzy: 'optional', orderby: 'optional', top: 'optional' },
    run: runSearchSuggest,
  },
  {
    name: 'searchautocomplete',
    kind: 'action',
    parameters: { ...scopeParameters, fuzzy: 'optional' },
    run: runSearchAutocomplete,
  },
  {
    name: 'searchstatus',
    kind: 'function',
    parameters: {},
    run: (call) => textResponse(call, { value: buildSearchStatus(call) }),
  },
  {
    name: 'searchstatistics',
    kind: 'function',
    parameters: {},
    run: (call) => textResponse(call, { value: buildSearchStatistics(call) }),
  },
];

function runSearchQuery(call: OperationContext) {
  requireSearchEnabled(call);
  const hits = readHits(call);
  const [skip, top] = [readPageNumber(call, 'skip', 0), readPageNumber(call, 'top', 50)];
  const facets = readJsonParameter(call, 'facets') ?? [];
  if (!Array.isArray(facets)) throw invalidArgument("The parameter 'facets' must be a JSON array.");
  return textResponse(call, {
    Error: null,
    Value: hits
      .toSorted(createHitComparator(call))
      .slice(skip, skip + top)
      .map(toSearchResult),
    Facets: countFacets(hits, facets.map(String)),
    QueryContext: null,
    Count: readBooleanParameter(call, 'count') ? hits.length : -1,
  });
}

/** Rows of which a word begins with the last word of the search text. */
function runSearchSuggest(call: OperationContext) {
  requireSearchEnabled(call);
  readBooleanParameter(call, 'fuzzy');
  const hits = readHits(call, { prefixed: true }).toSorted(createHitComparator(call));
  return textResponse(call, {
    Error: null,
    Value: hits.slice(0, readPageNumber(call, 'top', 5)).map(toSuggestion),
    QueryContext: null,
  });
}

/** The search text whose last word is completed to a word of the most relevant row. */
function runSearchAutocomplete(call: OperationContext) {
  requireSearchEnabled(call);
  readBooleanParameter(call, 'fuzzy');
  const hits = readHits(call, { prefixed: true }).toSorted((one, other) => other.score - one.score);
  const [, before = '', last = ''] = /^(.*?)([^\s]*)\s*$/s.exec(readStringParameter(call, 'search')) ?? [];
  const words = hits.flatMap(({ highlights, scope: { table } }) =>
    [highlights[table.primaryName ?? ''] ?? '', ...Object.values(highlights)].flatMap((text) => [
      ...text.matchAll(/\{crmhit\}(.*?)\{\/crmhit\}/gs),
    ]),
  );
  const completed = words
    .map(([, word = '']) => word.toLowerCase())
    .find((word) => word.startsWith(last.toLowerCase()));
  const Value = completed === undefined ? '' : `${before}{crmhit}${completed}{/crmhit}`;
  return textResponse(call, { Error: null, Value, QueryContext: null });
}

function readHits(call: OperationContext, options: { prefixed?: boolean } = {}): readonly SearchHit[] {
  const request = readSearchRequest(call, options);
  const entities = readJsonParameter(call, 'entities');
  const scopes = entities === undefined ? allSearchScopes(call) : readSearchScopes(call, entities);
  return scopes.flatMap((scope) => findHits(call, scope, request));
}

function toSuggestion({ scope: { table, returned = [] }, row, highlights }: SearchHit) {
  const name = row.values[table.primaryName ?? ''] ?? null;
  const columns = returned.map(({ logicalName }) => [logicalName, row.values[logicalName] ?? null] as const);
  return {
    Text: highlights[table.primaryName ?? ''] ?? Object.values(highlights)[0],
    Document: {
      '@search.objectid': row.id,
      '@search.entityname': table.logicalName,
      '@search.objecttypecode': table.typeCode,
      ...(table.primaryName === undefined ? {} : { [table.primaryName]: name }),
      ...Object.fromEntries(columns),
    },
  };
}

function textResponse(call: OperationContext, value: object) {
  return operationResponse(call, { response: JSON.stringify(value) });
}
