import { parseFilter, parseQueryString } from 'dynamics365-connector/odata';
import type { Exchange, ExpectedResponse } from '../exchange.ts';
import { isObject, parseJsonText, writeJsonText } from '../json-text.ts';

/**
 * Leaves out recorded rows that the filter of their own request excludes: the file shows the response of another
 * request. Returns the reasons.
 */
export function dropContradictions(exchange: Exchange): { exchange: Exchange; reasons: readonly string[] } {
  const unchanged = { exchange, reasons: [] };
  const { response, format } = exchange;
  const required = requiredTexts(exchange.request.url);
  if (format !== 'recording' || !response || required.length === 0) return unchanged;
  const body = parse(response);
  if (!isObject(body) || !Array.isArray(body.value)) return unchanged;
  const rows: readonly unknown[] = body.value;
  const excluded = ([name, text]: readonly [string, string], row: unknown) =>
    isObject(row) && typeof row[name] === 'string' && row[name].toLowerCase() !== text.toLowerCase();
  const kept = rows.filter((row) => !required.some((term) => excluded(term, row)));
  if (kept.length === rows.length) return unchanged;
  const expected = { ...response, body: writeJsonText({ ...body, value: kept }) };
  const filter = required.map(([name, text]) => `${name} eq '${text}'`).join(' and ');
  return {
    exchange: { ...exchange, response: expected },
    reasons: [`${rows.length - kept.length} rows of the file are not those of the request: ${filter}`],
  };
}

function parse({ body }: ExpectedResponse): unknown {
  try {
    return parseJsonText(body);
  } catch {
    return undefined;
  }
}

/** The texts that a filter requires of columns of its own table: `uniquename eq 'Parcels'`. */
function requiredTexts(url: string): readonly (readonly [string, string])[] {
  const parsed = parseQueryString(new URL(url).search.slice(1));
  const text = parsed.ok ? parsed.value.options.get('$filter') : undefined;
  const filter = parsed.ok && text !== undefined ? parseFilter(text, parsed.value.aliases) : undefined;
  if (!filter?.ok) return [];
  const terms = filter.value.kind === 'and' ? filter.value.terms : [filter.value];
  return terms.flatMap((term) => {
    if (term.kind !== 'compare' || term.operator !== 'eq') return [];
    const { left, right } = term;
    const [name = '', ...rest] = left.kind === 'path' ? left.segments : [];
    return right.kind === 'string' && name !== '' && rest.length === 0 ? [[name, right.value] as const] : [];
  });
}
