import { ConnectorError } from 'dynamics365-connector';
import type { PollPage, RowReader } from 'dynamics365-connector/host';
import { confirmDeletions } from './confirm-deletions.ts';
import { toKeyFacts } from './key-facts.ts';
import { writeDiffering } from './read-changes.ts';
import { deltaLinkOf, pageOrRefused } from './read-deletions.ts';
import { idOf, selectKeysOf, type TableContext } from './table-context.ts';
import type { KeyWalk, TableState, TimedLink } from './table-state.ts';

/** A row is read before its deletion is believed; so many at a time. */
const idsPerCheck = 500;

/**
 * Reads one page of the keys and versions of all rows, and the rows that the target has otherwise. After the last page,
 * rows of the target that the walk has not seen are deleted. With change tracking, the walk returns a delta link.
 */
export async function walkPage(context: TableContext, state: TableState): Promise<TableState> {
  const started = state.walk ?? undefined;
  const reader = state.phase === 'compare' ? context.readers.firstWalk : context.readers.keys;
  const first = started === undefined ? await firstPage(context, reader) : undefined;
  const read = first?.page ?? (await nextPage(reader, started));
  if (read === 'refused') return { ...withoutWalk(state), nextWalkAtMs: 0 };
  const walk: KeyWalk = {
    isTracked: started?.isTracked ?? first?.untracked === undefined,
    rows: (started?.rows ?? 0) + read.rows.length,
    startedAtMs: started?.startedAtMs ?? read.serverTimeMs,
    page: read.nextLink,
  };
  await writeDiffering(
    context,
    state,
    read.rows.flatMap((row) => toKeyFacts(row, context.table) ?? []),
  );
  const seen = read.rows.flatMap((row) => idOf(row, context.table) ?? []);
  const next: TableState = { ...state, walk, ...(first && { untracked: first.untracked }) };
  if (read.nextLink !== undefined) {
    await context.store.write({ state: next, seen, clearSeen: started === undefined });
    return next;
  }
  // The end of the walk is not stored: after a crash, its last page is read again.
  await context.store.write({ state, seen, clearSeen: started === undefined });
  return await endWalk(context, next, read);
}

async function endWalk(context: TableContext, state: TableState, last: PollPage): Promise<TableState> {
  const { store, limits } = context;
  for (let after = firstId; ; ) {
    const ids = await store.unseen(after, idsPerCheck);
    await confirmDeletions(context, state, ids);
    if (ids.length < idsPerCheck) break;
    after = ids.at(-1) ?? after;
  }
  const link = state.walk?.isTracked === true ? deltaLinkOf(last) : undefined;
  const atMs = last.serverTimeMs;
  const hasNewLink = link !== undefined && state.links === undefined;
  const next: TableState = {
    ...withoutWalk(state),
    phase: 'follow',
    links: link === undefined ? undefined : (state.links ?? firstLinks(link)),
    walkedAtMs: atMs,
    // A deletion that was open during the walk is committed within one overlap, and a new link may not return it.
    nextWalkAtMs: atMs + (hasNewLink ? limits.overlapMs : limits.walkEveryMs),
  };
  await store.write({ state: next, clearSeen: true });
  return next;
}

const firstId = '00000000-0000-0000-0000-000000000000';

const firstLinks = (link: TimedLink) => ({ safe: link, newest: link });

function withoutWalk({ walk: _, ...state }: TableState): TableState {
  return state;
}

/** The first page: with change tracking, or without it and why. */
async function firstPage(
  context: TableContext,
  reader: RowReader,
): Promise<{ readonly page: PollPage; readonly untracked?: string }> {
  const { table, limits } = context;
  const query = { select: selectKeysOf(context), pageSize: limits.keyPageSize };
  try {
    return { page: await reader.trackChanges(query) };
  } catch (error) {
    const untracked = untrackedReason(error, table.logicalName);
    if (untracked === undefined) throw error;
    return { page: await reader.read({ ...query, orderBy: `${table.key} asc` }), untracked };
  }
}

/** The codes of Dataverse for a table without change tracking. */
const notEnabledCodes = ['0x80072491', '0x80072492'];

function untrackedReason(error: unknown, table: string): string | undefined {
  if (!(error instanceof ConnectorError)) return undefined;
  const { status, serverCode } = error.details;
  if (status === 403) return `the user may not read all rows of ${table} in the organization`;
  if (status === 400 && notEnabledCodes.includes(serverCode ?? ''))
    return `change tracking is off for ${table}`;
  return undefined;
}

async function nextPage(reader: RowReader, walk: KeyWalk | undefined): Promise<PollPage | 'refused'> {
  if (walk?.page === undefined) return 'refused';
  return await pageOrRefused(walk.isTracked ? reader.follow(walk.page) : reader.next(walk.page));
}
