import { writeAgain } from './read-changes.ts';
import { readRows, type TableContext } from './table-context.ts';
import type { TableState } from './table-state.ts';

/** So many of the newest rows are compared, and as many deletions. */
const comparedRows = 100;

/**
 * Reads the rows with the highest versions and the latest deletions again. A row that is older (OlderRowsError), or a
 * deleted one that is there again with an old version, shows that the organization was restored from a backup.
 *
 * @returns whether a deleted row shows it
 */
export async function findRestore(context: TableContext, state: TableState): Promise<boolean> {
  await writeAgain(context, state, await context.store.newest(comparedRows));
  return await hasReturned(context, state);
}

/** A row that is created again has a new version, which the window returns. One that a restore brought back has not. */
async function hasReturned(context: TableContext, state: TableState): Promise<boolean> {
  const { store } = context;
  const deleted = await store.lastDeleted();
  const present = await store.versionsOf(deleted);
  const absent = deleted.filter((id) => !present.has(id));
  const rows = [...(await readRows(context, absent)).values()];
  const version = state.cursor.version ?? state.cursor.watermark?.version;
  const isOld = rows.some((facts) =>
    version === undefined ? facts.modifiedMs < state.cursor.readFromMs : facts.version <= version,
  );
  if (!isOld && rows.length > 0) await store.write({ state, rows: rows.map(({ row }) => row) });
  return isOld;
}
