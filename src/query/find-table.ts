import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { MetadataSource } from '../metadata/service.ts';
import type { Definition } from '../model/definition.ts';
import type { Table } from '../model/table.ts';

/** A table as it was named, found; `near`: what may be meant where there is none of that name. */
export interface NamedTable {
  readonly written: string;
  readonly logicalName: string;
  readonly near: readonly string[];
}

/** Our name, the logical name or the entity set -> the logical name. */
export async function findTable(
  { tables }: Pick<Definition, 'tables'>,
  source: MetadataSource,
  written: string,
): Promise<NamedTable> {
  const ours = Object.hasOwn(tables, written) ? tables[written] : undefined;
  if (ours !== undefined) return { written, logicalName: ours.logicalName, near: [] };
  const names = (await source.names().catch(unreadable)) ?? Object.values(tables).map(nameOf);
  const found = names.find(({ name, set }) => name === written || set === written);
  if (found !== undefined) return { written, logicalName: found.name, near: [] };
  const words = [...Object.keys(tables), ...names.flatMap(({ name, set }) => [name, set])];
  return { written, logicalName: written, near: suggest(written, new Set(words)) };
}

function nameOf({ logicalName: name, set }: Table): { readonly name: string; readonly set: string } {
  return { name, set };
}

/** For `catch`: metadata that cannot be read is no reason to refuse a call; anything else is a fault of ours. */
export function unreadable(error: unknown): undefined {
  if (!(error instanceof ConnectorError)) throw error;
  return undefined;
}
