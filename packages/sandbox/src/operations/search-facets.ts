import { invalidArgument } from '../web-api/errors.ts';
import type { SearchHit } from './search-hits.ts';

/** A facet by value, for example `@search.entityname,count:10` or `account.industrycode,count:5`. */
interface Facet {
  readonly name: string;
  readonly count: number;
}

/** Counts the hits by the values of each facet. The sandbox counts values; it refuses ranges and intervals. */
export function countFacets(hits: readonly SearchHit[], facets: readonly string[]): object {
  return Object.fromEntries(
    facets.map(parseFacet).map((facet) => [facet.name, countValues(hits, facet)] as const),
  );
}

function parseFacet(text: string): Facet {
  const [, name, count] =
    /^(@search\.entityname|[\w.]+)(?:,count:(\d{1,4}))?(?:,sort:-?\w+)?$/.exec(text) ?? [];
  if (name === undefined)
    throw invalidArgument(`The search of the sandbox does not support the facet '${text.slice(0, 100)}'.`);
  return { name, count: Number(count ?? 10) };
}

function countValues(hits: readonly SearchHit[], { name, count }: Facet): readonly object[] {
  const counts = new Map<string, { value: unknown; count: number }>();
  for (const hit of hits) {
    const value = readFacetValue(hit, name);
    if (value === undefined || value === null) continue;
    const counted = counts.get(String(value)) ?? { value, count: 0 };
    counts.set(String(value), { value, count: counted.count + 1 });
  }
  return [...counts.values()]
    .toSorted((one, other) => other.count - one.count)
    .slice(0, count)
    .map(({ value, count: hitCount }) => ({
      Type: 'Value',
      Value: value,
      OptionalValue: null,
      From: null,
      To: null,
      Count: hitCount,
    }));
}

function readFacetValue({ scope: { table }, row }: SearchHit, name: string): unknown {
  if (name === '@search.entityname' || name === 'entityname') return table.logicalName;
  const [first = '', column] = name.split('.');
  if (column !== undefined && first !== table.logicalName) return undefined;
  const value = row.values[column ?? first];
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}
