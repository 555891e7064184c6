import {
  type ApplyStep,
  type ExpandItem,
  type Filter,
  type OrderItem,
  type ParameterAliases,
  type ParseResult,
  type PropertyPath,
  parseApply,
  parseExpand,
  parseFilter,
  parseOrderBy,
  parseQueryString,
  parseSelect,
} from 'dynamics365-connector/odata';
import { invalidQuery } from './errors.ts';
import type { PathSegment } from './request-path.ts';
import { unrecognizedLiteral, unterminatedLiteral } from './unrecognized-literal.ts';
import { parametersOf, systemOptionsOf } from './url-parameters.ts';

/** The decoded query options of a request; names are case-sensitive. */
export interface ODataQueryOptions {
  /** The options as they were sent, for links to the next page: `$select=name`. */
  readonly raw: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** Parameter aliases: `@p1` -> its text. */
  readonly aliases: ParameterAliases;
}

/** The parsed system query options. */
export interface ODataQuery {
  readonly select?: readonly PropertyPath[];
  readonly expand?: readonly ExpandItem[];
  /** The text of `$expand`, to which the positions of its items refer. */
  readonly expandText?: string;
  readonly filter?: Filter;
  readonly orderBy?: readonly OrderItem[];
  readonly apply?: readonly ApplyStep[];
  readonly top?: number;
  readonly count: boolean;
}

/** Parses a query string. Rejects parameters that the URL of these segments does not have, and repeated options. */
export function parseQueryOptions(rawQuery: string, segments: readonly PathSegment[]): ODataQueryOptions {
  const parsed = parseQueryString(rawQuery);
  if (!parsed.ok)
    throw invalidQuery(`Bad Request - Error in query syntax: ${parsed.diagnostics[0]?.message}`);
  const { options, aliases } = parsed.value;
  const [systemOptions, parameters] = [systemOptionsOf(segments), parametersOf(segments)];
  for (const name of options.keys()) {
    if (name === '$skip') throw invalidQuery('Skip Clause is not supported in CRM');
    if (!(name.startsWith('$') ? systemOptions : parameters).has(name)) {
      throw invalidQuery(`The query parameter ${name.slice(0, 50)} is not supported`);
    }
  }
  return { raw: rawQuery.split('&').filter((pair) => pair !== ''), values: options, aliases };
}

/** Parses the system query options. Syntax errors are thrown with their position. */
export function parseODataQuery({ values, aliases }: ODataQueryOptions): ODataQuery {
  const read = <T>(name: string, parse: (text: string) => ParseResult<T>): T | undefined => {
    const text = values.get(name);
    return text === undefined ? undefined : unwrapParsed(text, parse(text));
  };
  return {
    select: read('$select', parseSelect),
    expand: read('$expand', parseExpand),
    expandText: values.get('$expand'),
    filter: read('$filter', (text) => parseFilter(text, aliases)),
    orderBy: read('$orderby', (text) => parseOrderBy(text, aliases)),
    apply: read('$apply', (text) => parseApply(text, aliases)),
    top: parseTop(values.get('$top')),
    count: parseCount(values.get('$count')),
  };
}

function unwrapParsed<T>(text: string, parsed: ParseResult<T>): T {
  if (parsed.ok) return parsed.value;
  const [diagnostic] = parsed.diagnostics;
  const shown = text.slice(0, 2000);
  const literal = unrecognizedLiteral(shown) ?? (text.length > 2000 ? undefined : unterminatedLiteral(shown));
  if (literal) throw literal;
  throw invalidQuery(
    `Syntax error at position ${diagnostic?.start} in '${text.slice(0, 500)}': ${diagnostic?.message}`,
  );
}

function parseTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) {
    const rule = 'The $top query option requires a non-negative integer value.';
    throw invalidQuery(`Invalid value '${text.slice(0, 50)}' for $top query option found. ${rule}`);
  }
  return Number(text);
}

function parseCount(text: string | undefined): boolean {
  if (text !== undefined && text !== 'true' && text !== 'false') {
    const rule = "Valid values are 'true' and 'false'.";
    throw invalidQuery(`Invalid value '${text.slice(0, 50)}' for $count query option found. ${rule}`);
  }
  return text === 'true';
}
