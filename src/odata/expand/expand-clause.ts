import type { Table } from '../../model/table.ts';

/**
 * The text of `$expand` for what a table expands; undefined if it expands nothing.
 *
 * @param select the text of `$select` of a table
 * @example 'customerid_account($select=accountid,name),Incident_Tasks($select=activityid,subject)'
 */
export function expandClause({ expanded = [] }: Table, select: (table: Table) => string): string | undefined {
  if (expanded.length === 0) return undefined;
  return expanded
    .map(({ navigation, table }) => {
      const inner = expandClause(table, select);
      const options = [`$select=${select(table)}`, ...(inner === undefined ? [] : [`$expand=${inner}`])];
      return `${navigation}(${options.join(';')})`;
    })
    .join(',');
}
