import { odataPropertyName } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';

/**
 * Sorts columns as Dataverse writes them in rows, whatever the order of `$select`. Its rows follow a hash table of the
 * property names of their type (.NET's `ConcurrentDictionary`): first the columns of the base type (`ownerid` of users
 * and teams, the shared columns of activities), then those of the table, and complex values last. The order of names in one bucket depends on
 * the history of an organization; this is the order that a growing hash table gives most of them.
 */
export function sortColumns(
  model: Model,
  table: TableModel,
  columns: readonly Attribute[],
): readonly Attribute[] {
  const wanted = new Set(columns);
  return model.columnOrder(table, () => sortAll(model, table)).filter((column) => wanted.has(column));
}

function sortAll(model: Model, table: TableModel): readonly Attribute[] {
  const inherited = inheritedNames(model, table);
  const isInherited = ({ logicalName }: Attribute) => inherited.has(logicalName);
  const isComplex = ({ type }: Attribute) => type === 'ManagedProperty';
  const isOwn = (column: Attribute) => !isInherited(column) && !isComplex(column);
  return [
    ...sortByHash(table.attributes.filter(isInherited)),
    ...sortByHash(table.attributes.filter(isOwn)),
    ...table.attributes.filter((column) => isComplex(column) && !isInherited(column)),
  ];
}

function sortByHash(columns: readonly Attribute[]): readonly Attribute[] {
  const keyed = columns.map((column) => ({ column, hash: hashName(odataPropertyName(column)) }));
  const [before, buckets] = bucketCounts(keyed.map(({ hash }) => hash));
  // Growing moves the names of each bucket in turn to the head of their new bucket.
  return keyed
    .sort((a, b) => (a.hash % buckets) - (b.hash % buckets) || (b.hash % before) - (a.hash % before))
    .map(({ column }) => column);
}

/** The logical names of the columns that a table has from its base type. */
function inheritedNames(model: Model, table: TableModel): ReadonlySet<string> {
  if (table.base === 'principal') return new Set(['ownerid']);
  if (table.base !== 'activitypointer' || table.logicalName === 'activitypointer') return new Set();
  const shared = model.table('activitypointer')?.attributes ?? [];
  return new Set(shared.map(({ logicalName }) => logicalName));
}

/** Each lock guards every eighth bucket. The table grows when one of them holds more names than its buckets. */
const lockCount = 8;
const firstBucketCount = 47;

/** The number of buckets of a hash table with these names, and the one before it grew for the last time. */
function bucketCounts(hashes: readonly number[]): readonly [before: number, buckets: number] {
  let before = 23;
  let buckets = firstBucketCount;
  while (isOverfull(hashes, buckets)) {
    before = buckets;
    buckets = nextBucketCount(buckets);
  }
  return [before, buckets];
}

function isOverfull(hashes: readonly number[], buckets: number): boolean {
  const counts = new Array<number>(lockCount).fill(0);
  for (const hash of hashes)
    counts[(hash % buckets) % lockCount] = (counts[(hash % buckets) % lockCount] ?? 0) + 1;
  return Math.max(...counts) > Math.floor(buckets / lockCount);
}

/** Twice as many and one more, and no multiple of 3, 5 or 7. */
function nextBucketCount(count: number): number {
  let next = count * 2 + 1;
  while (next % 3 === 0 || next % 5 === 0 || next % 7 === 0) next += 2;
  return next;
}

/** The hash code of a string in the 64-bit .NET Framework, without its sign bit. */
function hashName(name: string): number {
  let even = 5381;
  let odd = 5381;
  for (let index = 0; index < name.length; index += 2) {
    even = (Math.imul(even, 33) ^ name.charCodeAt(index)) | 0;
    if (index + 1 < name.length) odd = (Math.imul(odd, 33) ^ name.charCodeAt(index + 1)) | 0;
  }
  return (even + Math.imul(odd, 1_566_083_941)) & 0x7fffffff;
}
