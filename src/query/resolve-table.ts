import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { Table } from '../model/table.ts';

/** A table as it was named, found; `near`: what may be meant where there is none of that name. */
export interface ResolvedTable {
  readonly name: string;
  readonly logicalName: string;
  readonly suggestions: readonly string[];
}

/** Our name, the logical name or the entity set -> the logical name. */
export async function resolveTable(
  { tables }: Pick<ConnectorDefinition, 'tables'>,
  source: MetadataSource,
  written: string,
): Promise<ResolvedTable> {
  const ownTable = Object.hasOwn(tables, written) ? tables[written] : undefined;
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

/** For `catch`: metadata that cannot be read is no reason to refuse a call; anything else is a fault of ours. */
export function ignoreConnectorError(error: unknown): undefined {
  if (!(error instanceof ConnectorError)) throw error;
  return undefined;
}
