import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import { ownValue } from '../model/own-value.ts';
import type { Table } from '../model/table.ts';

/** The table that a name refers to. */
export interface ResolvedTable {
  /** The name as it was written. */
  readonly name: string;
  readonly logicalName: string;
  /** Similar names, if there is no table of this name. */
  readonly suggestions: readonly string[];
}

/** Finds a table by our name (`case`), its logical name (`incident`) or its entity set (`incidents`). */
export async function resolveTable(
  { tables }: Pick<ConnectorDefinition, 'tables'>,
  source: MetadataSource,
  written: string,
): Promise<ResolvedTable> {
  const ownTable = ownValue(tables, written);
  if (ownTable !== undefined) return { name: written, logicalName: ownTable.logicalName, suggestions: [] };
  const names =
    (await source.listTables().catch(ignoreConnectorError)) ?? Object.values(tables).map(toMetadataName);
  const found = names.find(({ name, entitySet }) => name === written || entitySet === written);
  if (found !== undefined) return { name: written, logicalName: found.name, suggestions: [] };
  const candidates = [...Object.keys(tables), ...names.flatMap(({ name, entitySet }) => [name, entitySet])];
  return { name: written, logicalName: written, suggestions: suggest(written, new Set(candidates)) };
}

function toMetadataName({ logicalName: name, entitySet }: Table): {
  readonly name: string;
  readonly entitySet: string;
} {
  return { name, entitySet };
}

/** For `catch`: a call goes on without metadata that cannot be read. Any other error is a bug and is thrown again. */
export function ignoreConnectorError(error: unknown): undefined {
  if (!(error instanceof ConnectorError)) throw error;
  return undefined;
}
