import type { Exchange } from '../exchange.ts';
import { isObject } from '../json-text.ts';
import { type Difference, difference, show } from './difference.ts';
import { compareShapes, compareValues, type Pair } from './objects.ts';

/** Tables of which each organization has rows of its own. */
const ofOrganization =
  /\/api\/data\/v[\d.]+\/(?:systemusers|teams|businessunits|roles|organizations|transactioncurrencies|queues|sdkmessage\w*|solutions)\b/;
const metadata =
  /\/api\/data\/v[\d.]+\/(?:EntityDefinitions|RelationshipDefinitions|GlobalOptionSetDefinitions)\b/;

/** Compares each row of two lists, their number and their order. */
export function compareLists(
  exchange: Exchange,
  path: string,
  lists: Pair<readonly unknown[]>,
): readonly Difference[] {
  const [expected, found] = lists;
  const partial = isPartial(exchange, path);
  const key = rowKey(expected);
  const wanted = key ? pickRows(expected, found, key) : found;
  // Definitions of tables that only the other organization has: their members must be those of other definitions.
  const example = partial && metadata.test(exchange.request.url) ? found[0] : undefined;
  return [
    ...(partial || expected.length === found.length
      ? []
      : [difference('rows', `${path} has ${found.length} entries instead of ${expected.length}`)]),
    ...(key ? compareOrder(path, [expected, found], key) : []),
    ...expected.flatMap((row, index) =>
      wanted[index] === undefined && isObject(row) && isObject(example)
        ? compareShapes(`${path}/${index}`, [row, example])
        : compareRow(exchange, `${path}/${index}`, [row, wanted[index]], key),
    ),
  ];
}

function isPartial({ format, request, response }: Exchange, path: string): boolean {
  if (response?.partial) return true;
  if (path !== '/value') return false;
  return ofOrganization.test(request.url) || (format === 'documentation' && metadata.test(request.url));
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
