import { parseFilter } from 'dynamics365-connector/odata';
import { nullGuid } from '../guid.ts';
import { toReference } from '../store/entity-reference.ts';
import type { ColumnValue, OrganizationStore, StoredRow } from '../store/types.ts';

/** What is read of rows that are found. */
interface FindOptions {
  /** A column of numbers. */
  readonly orderBy?: string;
  /** All columns by default. */
  readonly select?: readonly string[];
}

/** The rows of a table that match a filter of the Web API: `_slaid_value eq 6f1d1e0a-… and statecode eq 1`. */
export function findRows(
  store: OrganizationStore,
  table: string,
  filterText: string,
  { orderBy, select }: FindOptions = {},
): readonly StoredRow[] {
  const parsed = parseFilter(filterText);
  if (!parsed.ok) throw new TypeError(`The filter is invalid: ${filterText}`);
  const { rows } = store.query(table, { filter: parsed.value, select, actor: { userId: nullGuid } });
  if (orderBy === undefined) return rows;
  return rows.toSorted((a, b) => Number(a.values[orderBy] ?? 0) - Number(b.values[orderBy] ?? 0));
}

/** The row that a lookup references; undefined when it is empty or the row does not exist. */
export function readReferenced(
  store: OrganizationStore,
  reference: ColumnValue | undefined,
): StoredRow | undefined {
  const found = toReference(reference);
  return found && store.read(found.table, found.id);
}
