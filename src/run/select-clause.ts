import type { Table, TableColumn } from '../model/table.ts';
import { encodeOption } from '../odata/encode-url.ts';
import { isSelected } from './codec/shape-row.ts';
import type { SelectClause } from './compiled-action.ts';
import type { Planner } from './connection.ts';
import { missingColumnsOf } from './missing-columns.ts';

/**
 * The `$select` clause of a table without the columns that this organization lacks, and without images, which are large,
 * unless they are chosen.
 * Cached: every call needs it.
 */
export function selectClauseOf(connection: Planner, table: Table): SelectClause {
  const cached = connection.selectClauses.get(table);
  if (cached !== undefined) return cached;
  const missing = missingColumnsOf(connection, table);
  const wires = table.columns
    .filter(
      (column) =>
        isSelected(table, column) &&
        (column.type !== 'image' || isChosen(table, column)) &&
        !missing.has(column.wireName),
    )
    .map(({ wireName }) => wireName);
  const text = [...new Set([table.key, ...wires])].join(',');
  const clause = { text, option: encodeOption('$select', text) };
  connection.selectClauses.set(table, clause);
  return clause;
}

/** Whether the caller named the column, in `columns` or `customColumns`. */
function isChosen({ selected }: Table, { name, isCustom }: TableColumn): boolean {
  return isCustom === true || selected?.includes(name) === true;
}
