import { odataPropertyName } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';

/**
 * Sorts columns as Dataverse writes them in rows, whatever the order of `$select`. Its rows follow a hash table of
 * property names: first the columns of the base type (`ownerid` of users and teams, the shared columns of activities),
 * then those of the table.
 */
export function sortColumns(
  model: Model,
  table: TableModel,
  columns: readonly Attribute[],
): readonly Attribute[] {
  const inherited = inheritedNames(model, table);
  const ownCount = table.attributes.filter(({ logicalName }) => !inherited.has(logicalName)).length;
  const keyed = columns.map((column) => {
    const isInherited = inherited.has(column.logicalName);
    const buckets = bucketCount(isInherited ? inherited.size : ownCount);
    const key = hashName(odataPropertyName(column)) % buckets;
    return { column, key: isInherited ? key - buckets : key };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ column }) => column);
}

/** The logical names of the columns that a table has from its base type. */
function inheritedNames(model: Model, table: TableModel): ReadonlySet<string> {
  if (table.base === 'principal') return new Set(['ownerid']);
  if (table.base !== 'activitypointer' || table.logicalName === 'activitypointer') return new Set();
  const shared = model.table('activitypointer')?.attributes ?? [];
  return new Set(shared.map(({ logicalName }) => logicalName));
}

/** The sizes of a hash table that doubles when it is full. */
const bucketCounts = [47, 97, 197, 397, 797];
const maxLoad = 0.72;

function bucketCount(names: number): number {
  return bucketCounts.find((count) => names <= count * maxLoad) ?? 797;
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
