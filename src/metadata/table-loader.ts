import type { MetadataTable } from '../model/metadata.ts';
import { indexTable, type MetadataSchema, type TableIndex } from '../odata/check/table-index.ts';
import type { MetadataSource } from './metadata-service.ts';

/** Tables ready for checks; what a check asks for is loaded, and the check made again. */
export interface TableLoader {
  /** Runs a check until no table is missing any more. Rejects when the metadata cannot be read. */
  runCheck<T>(check: (schema: MetadataSchema) => T): Promise<T>;
}

/** A query touches a handful of tables; a fault may make the checker look around at more. */
const maxRounds = 4;
const defaultMaxTables = 16;

/** Indexes of a source's tables, made once for each answer of the source; a check loads at most so many. */
export function createTableLoader(source: MetadataSource, maxTables = defaultMaxTables): TableLoader {
  const indexes = new Map<string, { readonly of: MetadataTable; readonly index: TableIndex }>();

  const load = async (name: string): Promise<TableIndex | undefined> => {
    const table = await source.getTable(name);
    if (table === undefined) return undefined;
    const known = indexes.get(name);
    if (known?.of === table) return known.index;
    const index = indexTable(table);
    indexes.set(name, { of: table, index });
    return index;
  };

  return {
    async runCheck(check) {
      const loaded = new Map<string, TableIndex | undefined>();
      for (let round = 0; ; round++) {
        const asked = new Set<string>();
        const result = check({
          table(name) {
            if (!loaded.has(name)) asked.add(name);
            return loaded.get(name);
          },
        });
        if (asked.size === 0 || round === maxRounds) return result;
        const next = [...asked].slice(0, Math.max(0, maxTables - loaded.size));
        if (next.length === 0) return result;
        for (const [name, index] of await Promise.all(
          next.map(async (one) => [one, await load(one)] as const),
        )) {
          loaded.set(name, index);
        }
      }
    },
  };
}
