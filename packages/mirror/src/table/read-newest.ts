import { type Cursor, readWindow, rowPosition, windowQuery } from 'dynamics365-connector/host';
import { selectOf, type TableContext } from './table-context.ts';
import type { TableState } from './table-state.ts';

/**
 * Reads what has changed since the last read, page by page: a few rows, so that a change is in the target soon. What
 * commits late is found by the read of the whole window.
 */
export async function readNewest(context: TableContext, state: TableState): Promise<TableState> {
  const { store, readers, table, limits } = context;
  const cursor = newestCursor(state);
  let current = state;
  const { startedMs } = await readWindow({
    reader: readers.changes,
    key: table.key,
    select: selectOf(context),
    start: state.newestRead,
    query: (at) => windowQuery(cursor, at, table.key),
    position: (facts) => rowPosition(cursor, facts),
    budget: { pageSize: limits.pageSize, spend: () => {}, isExhausted: () => false },
    async accept(page) {
      if (page.length === 0) return false;
      const newestRead = page
        .map((facts) => rowPosition(cursor, facts))
        .reduce((high, position) => (position > high ? position : high), current.newestRead);
      current = { ...current, newestRead };
      await store.write({ state: current, rows: page.map(({ row }) => row) });
      return true;
    },
    addDeadLetter: async () => {},
  });
  return { ...current, readAtMs: startedMs };
}

/** The same kind of window as the large one: over versions, or over times if the organization cannot filter on versions. */
function newestCursor({ cursor, newestRead }: TableState): Cursor {
  const { readFromMs, newSinceMs } = cursor;
  const version = cursor.watermark === undefined ? undefined : newestRead;
  return { readFromMs, newSinceMs, version };
}
