import type { Exchange } from '../exchange.ts';
import { isObject } from '../json-text.ts';
import { type Difference, difference, show } from './difference.ts';
import { compareValues, type Pair } from './objects.ts';

/** Tables of which each organization has rows of its own. */
const ofOrganization =
  /\/api\/data\/v[\d.]+\/(?:systemusers|teams|businessunits|roles|organizations|transactioncurrencies|EntityDefinitions|RelationshipDefinitions|GlobalOptionSetDefinitions|queues|sdkmessage\w*|solutions)\b/;

/** Compares each row of two lists, their number and their order. */
export function compareLists(
  exchange: Exchange,
  path: string,
  lists: Pair<readonly unknown[]>,
): readonly Difference[] {
  const [expected, found] = lists;
  const partial =
    exchange.response?.partial || (path === '/value' && ofOrganization.test(exchange.request.url));
  const key = rowKey(expected);
  const wanted = key ? pickRows(expected, found, key) : found;
  const missing = expected.length - wanted.filter((row) => row !== undefined).length;
  return [
    ...(partial || expected.length === found.length
      ? []
      : [difference('rows', `${path} has ${found.length} entries instead of ${expected.length}`)]),
    ...(partial && missing > 0
      ? [difference('rows', `${path} lacks ${missing} of ${expected.length} rows`)]
      : []),
    ...(key ? compareOrder(path, [expected, found], key) : []),
    ...expected.flatMap((row, index) => compareRow(exchange, `${path}/${index}`, [row, wanted[index]], key)),
  ];
}

function compareRow(
  exchange: Exchange,
  path: string,
  [expected, found]: Pair<unknown>,
  key: string | undefined,
): readonly Difference[] {
  if (found !== undefined) return compareValues(exchange, path, [expected, found]);
  const id = key && isObject(expected) ? ` with ${key} ${show(expected[key])}` : '';
  return [difference('rows', `${path}${id} is missing`)];
}

/** A member that is different in each row: the first id, or the name of a metadata row. */
function rowKey(rows: readonly unknown[]): string | undefined {
  const [first] = rows;
  if (!isObject(first)) return undefined;
  const isKey = (name: string) =>
    (/^(?!_|owner|owning|address|entityimage|stage|process)\w*id$/.test(name) ||
      name === '@odata.id' ||
      name === 'LogicalName') &&
    rows.every((row) => isObject(row) && typeof row[name] === 'string') &&
    new Set(rows.map((row) => (row as Record<string, unknown>)[name])).size === rows.length;
  return Object.keys(first).find(isKey);
}

function keyOf(row: unknown, key: string): string {
  return isObject(row) ? String(row[key]).toLowerCase() : '';
}

/** The found row of each expected one; without a row of the same key, there is none. */
function pickRows(expected: readonly unknown[], found: readonly unknown[], key: string): readonly unknown[] {
  const byKey = new Map(found.map((row) => [keyOf(row, key), row]));
  return expected.map(
    (row, index) => byKey.get(keyOf(row, key)) ?? (byKey.size === expected.length ? found[index] : undefined),
  );
}

function compareOrder(
  path: string,
  [expected, found]: Pair<readonly unknown[]>,
  key: string,
): readonly Difference[] {
  const wanted = expected.map((row) => keyOf(row, key));
  const actual = found.map((row) => keyOf(row, key)).filter((id) => wanted.includes(id));
  const common = wanted.filter((id) => actual.includes(id));
  return common.join() === actual.join()
    ? []
    : [
        difference(
          'row order',
          `${path} has the rows ${show(actual.join())} instead of ${show(common.join())}`,
        ),
      ];
}
