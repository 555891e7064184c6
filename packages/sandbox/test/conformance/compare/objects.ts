import type { Exchange } from '../exchange.ts';
import { isObject, NumberText } from '../json-text.ts';
import { compareContext } from './context.ts';
import { type Difference, difference, show } from './difference.ts';
import { compareLists } from './lists.ts';
import { formatOf, isDetermined, maskGuids } from './undetermined.ts';

export type Pair<T> = readonly [expected: T, found: T];

/** Compares the members of two objects and their order. */
export function compareObjects(
  exchange: Exchange,
  path: string,
  pair: Pair<Record<string, unknown>>,
): readonly Difference[] {
  return [...compareMembers(exchange, path, pair), ...compareOrder(exchange, path, pair)];
}

export function compareMembers(
  exchange: Exchange,
  path: string,
  [expected, found]: Pair<Record<string, unknown>>,
): readonly Difference[] {
  const missing = Object.keys(expected).filter((name) => !(name in found));
  const extra = Object.keys(found).filter((name) => !(name in expected) && !isShortened(exchange, name));
  const both = Object.keys(expected).filter((name) => name in found);
  return [
    ...missing.map((name) => difference('members', `${path}/${name} is missing`)),
    ...extra.map((name) => difference('members', `${path}/${name} should not be there`)),
    ...both.flatMap((name) => compareValues(exchange, `${path}/${name}`, [expected[name], found[name]])),
  ];
}

/** Documentation sometimes shows fewer columns than the request selects. */
function isShortened({ format, request }: Exchange, name: string): boolean {
  return (
    format === 'documentation' &&
    (/[?&]\$select=([^&]*)/.exec(request.url)?.[1] ?? '').split(',').includes(name)
  );
}

function compareOrder(
  { response }: Exchange,
  path: string,
  [expected, found]: Pair<Record<string, unknown>>,
): readonly Difference[] {
  if (!response?.exact) return [];
  const wanted = Object.keys(expected).filter((name) => name in found);
  const actual = Object.keys(found).filter((name) => name in expected);
  const at = wanted.findIndex((name, index) => name !== actual[index]);
  return at < 0 ? [] : [difference('column order', `${path}/${actual[at]} comes before ${wanted[at]}`)];
}

/** Compares names and types of members, of two different rows. */
export function compareShapes(
  path: string,
  [expected, found]: Pair<Record<string, unknown>>,
): readonly Difference[] {
  const names = Object.keys(expected).filter((name) => name in found);
  const missing = Object.keys(expected).filter((name) => !(name in found));
  const others = names.filter((name) => {
    const types = [typeOf(expected[name]), typeOf(found[name])];
    return types[0] !== types[1] && !types.includes('null');
  });
  return [
    ...missing.map((name) => difference('members', `${path}/${name} is missing`)),
    ...others.map((name) => difference('type', `${path}/${name} has another type`)),
  ];
}

/** Compares two values of the same member. */
export function compareValues(
  exchange: Exchange,
  path: string,
  [expected, found]: Pair<unknown>,
): readonly Difference[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (typeOf(expected) !== typeOf(found)) {
    return [difference('type', `${path} is ${show(textOf(found))} instead of ${show(textOf(expected))}`)];
  }
  if (name === '@odata.context')
    return path === '/@odata.context' ? [] : compareContext(exchange, expected, found);
  if (Array.isArray(expected)) return compareLists(exchange, path, [expected, found as unknown[]]);
  if (isObject(expected)) return compareObjects(exchange, path, [expected, found as Record<string, unknown>]);
  if (expected instanceof NumberText) return compareNumbers(exchange, path, [expected, found as NumberText]);
  return sameText(exchange, name, [expected, found])
    ? []
    : [
        difference(
          /etag$/.test(name) ? 'etag' : 'value',
          `${path} is ${show(found)} instead of ${show(expected)}`,
        ),
      ];
}

const textOf = (value: unknown): unknown => (value instanceof NumberText ? value.text : value);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return value instanceof NumberText ? 'number' : typeof value;
}

function compareNumbers(
  { format, response }: Exchange,
  path: string,
  [{ text: expected }, { text: found }]: Pair<NumberText>,
): readonly Difference[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // The count of a shortened list depends on rows that are not shown.
  const isCount = /count(?:limitexceeded)?$/.test(name) && name.startsWith('@');
  if (!isDetermined(name) || (isCount && (response?.partial || format === 'documentation'))) return [];
  const decimals = /\.(\d+)$/.exec(expected)?.[1]?.length ?? 0;
  // Documentation rounds numbers; a recording has their text.
  if (format === 'documentation' && decimals > 0 && Number(found).toFixed(decimals) === expected) return [];
  if (Number(expected) !== Number(found)) {
    return [difference('value', `${path} is ${found} instead of ${expected}`)];
  }
  if (!response?.exact || expected === found) return [];
  return [difference('number text', `${path} is ${found} instead of ${expected}`)];
}

function sameText(exchange: Exchange, name: string, [expected, found]: Pair<unknown>): boolean {
  if (expected === found) return true;
  if (typeof expected !== 'string' || typeof found !== 'string') return !isDetermined(name);
  if (name === '@odata.etag') return /^W\/"\d+"$/.test(found) || !/^W\/"\d+"$/.test(expected);
  if (/@odata\.(?:nextLink|deltaLink)$/.test(name)) {
    return linkShape(exchange, expected) === linkShape(exchange, found);
  }
  if (!isDetermined(name)) return formatOf(expected) === formatOf(found);
  if (exchange.request.method === 'GET') return false;
  const known = `${exchange.request.url} ${exchange.request.body}`.toLowerCase();
  return maskGuids(expected, known) === maskGuids(found, known);
}

/** Path and names of the query options of a link to more rows. Documentation leaves out options. */
function linkShape({ format }: Exchange, link: string): string {
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(link.replace(/\/v\d\.\d\//, '/v9.2/')) ?? [];
  const names = [...query.matchAll(/(?:^|&)([^=&]+)=/g)].map(([, name = '']) => decodeURIComponent(name));
  const shown = format === 'documentation' ? names.filter((name) => /token$/.test(name)) : names;
  return `${path}?${[...shown].sort()}`;
}
