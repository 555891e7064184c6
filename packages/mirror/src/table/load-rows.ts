import { isRejectedRequest, type PollPage, readInitialPosition } from 'dynamics365-connector/host';
import { selectOf, type TableContext } from './table-context.ts';
import type { TableState } from './table-state.ts';

/** Why all rows are read. */
export type LoadReason = 'first' | 'restored';

/**
 * The state at the start of a load. The window over changes begins one overlap before it, so a change that the load
 * misses is found there, also one whose transaction was open when the load began.
 */
export async function startLoad(
  { readers, table, limits }: TableContext,
  previous: TableState | undefined,
  reason: LoadReason,
): Promise<TableState> {
  const reader = readers.changes;
  const { cursor, highestVersion } = await readInitialPosition({ reader, table }, limits.overlapMs);
  const nowMs = cursor.readFromMs + limits.overlapMs;
  return {
    load: (previous?.load ?? 0) + 1,
    phase: 'load',
    ...(previous?.pageSize !== undefined && { pageSize: previous.pageSize }),
    loaded: 0,
    expected: await reader.countRows(),
    cursor,
    newestRead: cursor.watermark === undefined ? BigInt(cursor.readFromMs) : highestVersion,
    readAtMs: nowMs,
    windowReadAtMs: nowMs,
    checkedAtMs: nowMs,
    restores: (previous?.restores ?? 0) + (reason === 'restored' ? 1 : 0),
  };
}

/** Reads all rows again, because columns were added. Changes and deletions are followed as before. */
export function reload(state: TableState): TableState {
  const { page: _, walk: __, ...rest } = state;
  return { ...rest, load: state.load + 1, phase: 'load', loaded: 0 };
}

/** Begins the pages again with smaller ones: a link belongs to the size of its page. Rows that were written stay. */
export function withSmallerPages(state: TableState, pageSize: number): TableState {
  const { page: _, ...rest } = state;
  return { ...rest, pageSize, ...(state.phase === 'load' && { loaded: 0 }) };
}

/** Reads one page of all rows. A page whose link is refused starts the load again; rows that were written stay. */
export async function loadPage(context: TableContext, state: TableState): Promise<TableState> {
  const page = await readPage(context, state);
  const { page: _, ...rest } = state;
  if (page === undefined) {
    const restarted: TableState = { ...rest, loaded: 0 };
    await context.store.write({ state: restarted });
    return restarted;
  }
  const loaded = state.loaded + page.rows.length;
  const next: TableState =
    page.nextLink === undefined
      ? { ...rest, loaded, phase: 'compare' }
      : { ...rest, loaded, page: page.nextLink };
  await context.store.write({ state: next, rows: page.rows });
  return next;
}

async function readPage(context: TableContext, { page }: TableState): Promise<PollPage | undefined> {
  const { readers, table, limits } = context;
  if (page === undefined) {
    const query = { select: selectOf(context), orderBy: `${table.key} asc`, pageSize: limits.pageSize };
    return await readers.load.read(query);
  }
  try {
    return await readers.load.next(page);
  } catch (error) {
    if (isRejectedRequest(error)) return undefined;
    throw error;
  }
}
