import { didYouMean } from '../errors/did-you-mean.ts';
import type { Issue } from '../model/diagnostic.ts';
import type { Table } from '../model/table.ts';
import { throwIfInvalid } from './codec/invalid-value.ts';

/** Query options that read chosen columns. */
export interface ColumnQuery {
  readonly $select: string;
  /** The parties of an activity are rows of another table. */
  readonly $expand?: string;
}

const partySelect = '_partyid_value,participationtypemask,addressused';

/**
 * The query options for columns by our names, logical names or wire names (`_customerid_value`).
 *
 * @param unknown `any`: an unknown name is left as it is, for a check that follows
 * @throws INPUT_INVALID for an unknown name
 */
export function selectColumns(
  table: Table,
  names: readonly string[],
  unknown: 'refuse' | 'any' = 'refuse',
): ColumnQuery {
  const issues: Issue[] = [];
  const collections = new Set<string>();
  const wires = names.flatMap((name, at) => {
    const parties = table.parties?.find((candidate) => candidate.name === name);
    if (parties !== undefined) collections.add(parties.collection);
    if (parties !== undefined) return [];
    const column =
      table.columns.find((candidate) => candidate.name === name) ??
      table.columns.find(({ logicalName, wireName }) => logicalName === name || wireName === name);
    if (column === undefined && unknown === 'refuse') issues.push(unknownColumn(table, name, at));
    return [column?.wireName ?? name];
  });
  throwIfInvalid(issues);
  const $select = [...new Set([table.key, ...wires])].join(',');
  if (collections.size === 0) return { $select };
  return { $select, $expand: [...collections].map((name) => `${name}($select=${partySelect})`).join(',') };
}

function unknownColumn({ columns, title }: Table, name: string, at: number): Issue {
  const known = columns.map((column) => column.name);
  return {
    path: `/select/${at}`,
    message: `is not a column of the table ${title}${didYouMean(name, known)}`,
    keyword: 'column',
  };
}
