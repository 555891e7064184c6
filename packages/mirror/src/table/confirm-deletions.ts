import { readRows, type TableContext } from './table-context.ts';
import type { TableState } from './table-state.ts';

/**
 * Deletes rows of the target that the organization does not have. What a link or a walk says may be older than the target:
 * a row can be created again with its id, and a walk can miss one that moves. So each row is read before.
 *
 * @returns the ids of rows that exist
 */
export async function confirmDeletions(
  context: TableContext,
  state: TableState,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { store } = context;
  const known = [...(await store.versionsOf(ids)).keys()];
  const found = await readRows(context, known);
  const deleted = known.filter((id) => !found.has(id));
  const rows = [...found.values()].map(({ row }) => row);
  if (known.length > 0) await store.write({ state, deleted, rows });
  return [...found.keys()];
}
