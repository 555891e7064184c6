import type { ConnectorDefinition } from '../model/definition.ts';
import type { Table } from '../model/table.ts';

/**
 * The tables whose rows an id identifies, by the name of its field: that of a lookup of the operation's table (`ownerId` ->
 * user, team) or of a table (`queueId`, `articleId` -> knowledge-article). None if the name says nothing.
 */
export function findRowTables(
  { tables }: ConnectorDefinition,
  own: Table | undefined,
  field: string,
): readonly string[] {
  const [, base] = /^(.+)Id$/.exec(field) ?? [];
  if (base === undefined) return [];
  if (base === 'other') return own === undefined ? [] : [own.name];
  const lookup = own?.columns.find(({ name, type }) => name === base && type === 'lookup');
  if (lookup !== undefined) return [...new Set((lookup.targets ?? []).map(({ table }) => table))];
  const found = Object.values(tables).find(({ name }) => name === base || name.split('-').at(-1) === base);
  return found === undefined ? [] : [found.name];
}
