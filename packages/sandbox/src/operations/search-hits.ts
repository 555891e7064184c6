import { isJsonObject } from 'dynamics365-connector/base';
import type { Attribute } from '../model/types.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError, invalidArgument, invalidPayload } from '../web-api/errors.ts';
import { toJsonValue } from '../web-api/odata-names.ts';
import { readIntegerParameter, readStringParameter } from './parameters.ts';
import { parseLenientJson } from './parse-arguments.ts';
import { type SearchScope, scanRows } from './search-scope.ts';
import { findTermRanges, highlightRanges, parseSearchText, type SearchTerm } from './search-text.ts';
import type { OperationContext } from './types.ts';

/** A matching row with its score. */
export interface SearchHit {
  readonly scope: SearchScope;
  readonly row: StoredRow;
  readonly score: number;
  /** Column texts with marked hits, by logical name. */
  readonly highlights: Readonly<Record<string, string>>;
}

/** What a search asks for. */
export interface SearchRequest {
  readonly terms: readonly SearchTerm[];
  /** Whether a row must match all terms instead of any. */
  readonly all: boolean;
  readonly filter?: string;
}

/** Throws when the organization's search is turned off. */
export function requireSearchEnabled({ context }: OperationContext): void {
  const { store, organizationId } = context.org;
  if (store.read('organization', organizationId)?.values.isexternalsearchindexenabled === false) {
    throw new DataverseError(
      400,
      '0x80048d0b',
      'Dataverse Search feature is disabled for this organization.',
    );
  }
}

/** Reads `search`, `options` and `filter`. `prefixed`: whether the last word may be incomplete. */
export function readSearchRequest(call: OperationContext, { prefixed = false } = {}): SearchRequest {
  const search = readStringParameter(call, 'search');
  if (search.trim() === '' || search.length > 100) {
    throw invalidArgument("The parameter 'search' must have 1 to 100 characters.");
  }
  const options = readJsonParameter(call, 'options') ?? {};
  if (!isJsonObject(options)) throw invalidArgument("The parameter 'options' must be a JSON object.");
  const filter = (call.parameters.filter ?? null) === null ? undefined : readStringParameter(call, 'filter');
  const text = prefixed && /[\p{L}\p{M}\p{N}]$/u.test(search) ? `${search}*` : search;
  return {
    terms: parseSearchText(text, options.querytype === 'lucene' ? 'lucene' : 'simple'),
    all: options.searchmode === 'all',
    filter,
  };
}

/** A parameter that is JSON in a string; undefined when it is absent or null. */
export function readJsonParameter(call: OperationContext, name: string): unknown {
  if ((call.parameters[name] ?? null) === null) return undefined;
  try {
    return parseLenientJson(readStringParameter(call, name)) ?? undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidPayload(call.operation.name, `The parameter '${name}' is not valid JSON.`);
  }
}

/** Reads `top` (0 to 100) or `skip`. */
export function readPageNumber(call: OperationContext, name: 'top' | 'skip', defaultValue: number): number {
  const number = (call.parameters[name] ?? null) === null ? defaultValue : readIntegerParameter(call, name);
  if (number >= 0 && (name === 'skip' || number <= 100)) return number;
  throw invalidArgument(`The parameter '${name}' is out of range.`);
}

/** The matching rows of a table. */
export function findHits(
  call: OperationContext,
  scope: SearchScope,
  request: SearchRequest,
): readonly SearchHit[] {
  return [...scanRows(call, scope, request.filter)].flatMap((row) => scoreRow(scope, row, request) ?? []);
}

/** Scores a row; undefined when it does not match. A hit in the primary name counts three times. */
function scoreRow(scope: SearchScope, row: StoredRow, { terms, all }: SearchRequest): SearchHit | undefined {
  const columns = scope.searched.flatMap(({ logicalName }) => {
    const text = row.values[logicalName];
    if (typeof text !== 'string') return [];
    const found = terms.map((term) => findTermRanges(term, text));
    return [{ logicalName, text, found, weight: logicalName === scope.table.primaryName ? 3 : 1 }];
  });
  const termFound = terms.map((_, index) => columns.some(({ found }) => (found[index] ?? []).length > 0));
  if (!matchesTerms(terms, termFound, all)) return undefined;
  const matchingColumns = columns.filter(({ found }) => found.flat().length > 0);
  return {
    scope,
    row,
    score: matchingColumns.reduce((sum, { found, weight }) => sum + weight * found.flat().length, 0),
    highlights: Object.fromEntries(
      matchingColumns.map(({ logicalName, text, found }) => [
        logicalName,
        highlightRanges(text, found.flat()),
      ]),
    ),
  };
}

/** When any term suffices, the absence of a `-not` term also counts as a match, as in Azure AI Search. */
function matchesTerms(terms: readonly SearchTerm[], has: readonly boolean[], all: boolean): boolean {
  const results = terms.map(({ need }, index) => ({
    need,
    holds: (need === 'not') !== (has[index] ?? false),
  }));
  if (all) return results.length > 0 && results.every(({ holds }) => holds);
  const required = results.filter(({ need }) => need === 'must');
  return required.length > 0 ? required.every(({ holds }) => holds) : results.some(({ holds }) => holds);
}

/** The order of `orderby`, for example `["@search.score desc","modifiedon desc"]`. Default: best score first. */
export function createHitComparator(call: OperationContext): (one: SearchHit, other: SearchHit) => number {
  const items = readJsonParameter(call, 'orderby') ?? ['@search.score desc'];
  if (!Array.isArray(items)) throw invalidArgument("The parameter 'orderby' must be a JSON array.");
  const keys = items.map((item) => {
    const [, name, direction] = /^(@search\.score|\w+)(?: (asc|desc))?$/.exec(String(item)) ?? [];
    if (name === undefined)
      throw invalidArgument(`'${String(item).slice(0, 100)}' is not a valid item of 'orderby'.`);
    return { name, sign: direction === 'desc' ? -1 : 1 };
  });
  return (one, other) => {
    for (const { name, sign } of keys) {
      const order = compare(sortValueOf(one, name), sortValueOf(other, name));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

function sortValueOf({ score, row }: SearchHit, name: string) {
  const value = name === '@search.score' ? score : (row.values[name] ?? '');
  return typeof value === 'number' ? value : String(value);
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** A hit as `searchquery` returns it. */
export function toSearchResult({ scope: { table, returned, searched }, row, score, highlights }: SearchHit) {
  const isReturned = ({ logicalName }: Attribute) => {
    return logicalName === table.primaryName || Object.hasOwn(highlights, logicalName);
  };
  const columns = (returned ?? searched.filter(isReturned)).map((column) => {
    return [column.logicalName, toJsonValue(column, row.values[column.logicalName] ?? null)] as const;
  });
  return {
    Id: row.id,
    EntityName: table.logicalName,
    ObjectTypeCode: table.typeCode,
    Attributes: { '@search.objecttypecode': table.typeCode, ...Object.fromEntries(columns) },
    Highlights: Object.fromEntries(Object.entries(highlights).map(([name, text]) => [name, [text]])),
    Score: score,
  };
}
