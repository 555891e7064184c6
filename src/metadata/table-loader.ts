import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { MetadataTable } from '../model/metadata.ts';
import { indexTable, type MetadataSchema, type TableIndex } from '../odata/check/table-index.ts';
import type { MetadataSource } from './metadata-service.ts';

/** Runs checks and loads the metadata that they need. */
export interface TableLoader {
  /** Runs a check repeatedly until it needs no other table. Rejects if the metadata cannot be read. */
  runCheck<T>(check: (schema: MetadataSchema) => T): Promise<T>;
}

/** A check that needs more rounds than this is used with the tables that are loaded. */
const maxRounds = 4;
const defaultMaxTables = 16;

/**
 * Creates a loader over a metadata source. The indexes of tables are kept.
 *
 * @param maxTables The maximum number of tables that one check can load.
 */
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

  /** The logical names of all tables; undefined if the source does not have all of them. */
  const listNames = async (): Promise<readonly string[] | undefined> => {
    if (source.isPartial) return undefined;
    try {
      return (await source.listTables()).map(({ name }) => name);
    } catch (error) {
      if (error instanceof ConnectorError) return undefined;
      throw error;
    }
  };

  return {
    async runCheck(check) {
      const loaded = new Map<string, TableIndex | undefined>();
      let names: readonly string[] | undefined;
      for (let round = 0; ; round++) {
        const asked = new Set<string>();
        const result = check({
          table(name) {
            if (!loaded.has(name)) asked.add(name);
            return loaded.get(name);
          },
          similarTables: (name) =>
            loaded.has(name) && loaded.get(name) === undefined && names?.includes(name) === false
              ? suggest(name, names)
              : undefined,
        });
        if (asked.size === 0 || round === maxRounds) return result;
        const next = [...asked].slice(0, Math.max(0, maxTables - loaded.size));
        if (next.length === 0) return result;
        for (const [name, index] of await Promise.all(
          next.map(async (name) => [name, await load(name)] as const),
        )) {
          loaded.set(name, index);
        }
        if ([...loaded.values()].includes(undefined)) names ??= await listNames();
      }
    },
  };
}
