import {
  advanceCursor,
  type RowFacts,
  readWindow,
  rowPosition,
  startPosition,
  windowQuery,
} from 'dynamics365-connector/host';
import { assertNotOlder } from './older-rows.ts';
import { chunksOf, readRows, selectKeysOf, type TableContext } from './table-context.ts';
import type { TableState } from './table-state.ts';
import type { KnownVersions } from './table-store.ts';

/** Rows that are read with all columns and written at a time. */
const rowsPerWrite = 500;
/** A window with more rows is not compared for rows that it lacks: the check of the newest rows remains. */
const maxComparedRows = 50_000;

/**
 * Reads the keys and versions of the whole window, which reaches one overlap back, and then the rows that the target has
 * in another version: they were committed late.
 */
export async function readChanges(context: TableContext, state: TableState): Promise<TableState> {
  const { readers, table, limits, store } = context;
  const { cursor } = state;
  const inWindow = new Set<string>();
  const read = await readWindow({
    reader: readers.keys,
    key: table.key,
    select: selectKeysOf(context),
    start: startPosition(cursor),
    query: (at) => windowQuery(cursor, at, table.key),
    position: (facts) => rowPosition(cursor, facts),
    budget: { pageSize: limits.keyPageSize, spend: () => {}, isExhausted: () => false },
    async accept(page) {
      if (inWindow.size <= maxComparedRows) for (const { id } of page) inWindow.add(id);
      await writeDiffering(context, state, page);
      return false;
    },
    addDeadLetter: async () => {},
  });
  if (cursor.version !== undefined && inWindow.size <= maxComparedRows)
    await writeMissing(context, state, { version: cursor.version, inWindow });
  const { endedMs, startedMs, highest } = read;
  const next: TableState = {
    ...state,
    cursor: advanceCursor(cursor, { startedMs, endedMs, highest }, limits.overlapMs),
    windowReadAtMs: startedMs,
  };
  await store.write({ state: next });
  return next;
}

/** Whether the target has a row as it is read. */
export function isKnown(facts: RowFacts, known: KnownVersions, load: number): boolean {
  const row = known.get(facts.id);
  if (row === undefined || row.load !== load) return false;
  return row.version === null || BigInt(row.version) === facts.version;
}

/** Reads and writes the rows that the target has otherwise. Throws OlderRowsError if one of them is older there. */
export async function writeDiffering(
  context: TableContext,
  state: TableState,
  page: readonly RowFacts[],
): Promise<void> {
  if (page.length === 0) return;
  const known = await context.store.versionsOf(page.map(({ id }) => id));
  assertNotOlder(page, known, state.load);
  const differing = page.filter((facts) => !isKnown(facts, known, state.load)).map(({ id }) => id);
  for (const ids of chunksOf(differing, rowsPerWrite)) {
    const rows = [...(await readRows(context, ids)).values()].map(({ row }) => row);
    await context.store.write({ state, rows });
  }
}

/** Rows above a version that the window lacks: deleted, changed meanwhile, or undone by a restore. */
async function writeMissing(
  context: TableContext,
  state: TableState,
  { version, inWindow }: { readonly version: bigint; readonly inWindow: ReadonlySet<string> },
): Promise<void> {
  const known = await context.store.versionsAbove(version);
  const missing = new Map([...known].filter(([id]) => !inWindow.has(id)));
  await writeAgain(context, state, missing);
}

/** Reads rows of the target again and writes them as they are, or their deletion. Throws OlderRowsError. */
export async function writeAgain(
  context: TableContext,
  state: TableState,
  known: KnownVersions,
): Promise<void> {
  for (const part of chunksOf([...known.keys()], rowsPerWrite)) {
    const found = await readRows(context, part);
    const rows = [...found.values()];
    assertNotOlder(rows, known, state.load);
    const changed = rows.filter((facts) => !isKnown(facts, known, state.load)).map(({ row }) => row);
    const deleted = part.filter((id) => !found.has(id));
    if (changed.length + deleted.length > 0) await context.store.write({ state, rows: changed, deleted });
  }
}
