import {
  type DeletionState,
  type DeltaLink,
  loadDeletionState,
  saveDeletionState,
} from './deletion-state.ts';
import type { DeletedEntry } from './feed-log.ts';
import type { FeedRead } from './feed-read.ts';
import { findExisting } from './find-existing.ts';
import type { DeletedRow, DeltaEnd } from './follow-delta-link.ts';
import { deleteIdLists, readIdLists, readKnownIds, updateKnownIds } from './known-ids.ts';
import { normalizeGuid } from './row-facts.ts';
import { scanKeys } from './scan-keys.ts';

/** New deletions, and whether there is more to read at once. */
export interface DeletionBatch {
  readonly entries: readonly DeletedEntry[];
  readonly hasMore: boolean;
  /** Whether Dataverse reported them; a scan of keys only finds that rows are missing. */
  readonly areTracked: boolean;
}

export const noDeletions: DeletionBatch = { entries: [], hasMore: false, areTracked: true };

/** Continues the scan of keys or the delta link of the previous read. */
export async function readDeletions(read: FeedRead): Promise<DeletionBatch> {
  const stored = await loadDeletionState(read.feed, read.buffer);
  const before = await withPresentRows(read, stored);
  const link = before.scan === undefined ? before.link : undefined;
  const { deleted, state, hasMore } =
    link === undefined ? await continueKeyScan(before, read) : await continueDeltaLink(before, link, read);
  const entries = saveDeletions(read, { before: [stored, before], state, deleted });
  return { entries, hasMore, areTracked: link !== undefined };
}

/**
 * Confirms deletions that a wake told of: those that Dataverse says do not exist, and that were not reported. While all
 * keys are scanned, the scan finds them.
 */
export async function confirmDeletions(read: FeedRead, ids: readonly string[]): Promise<DeletionBatch> {
  if (ids.length === 0 && read.recorded.length === 0) return noDeletions;
  const { feed, buffer, records } = read;
  const stored = await loadDeletionState(feed, buffer);
  const before = await withPresentRows(read, stored);
  const hinted = ids.map(normalizeGuid).filter((id) => id !== undefined);
  await records.load(hinted);
  const deleted: DeletedRow[] = [];
  for (const id of new Set(before.scan === undefined ? hinted : [])) {
    if (records.get(id)?.isDeleted || Object.hasOwn(before.reported, id)) continue;
    const { rows, serverTimeMs: atMs } = await feed.reader.find(id);
    if (rows.length === 0) deleted.push({ id, atMs });
  }
  const deletedIds = deleted.map(({ id }) => id);
  const state = {
    ...before,
    reported: addReported(before.reported, deleted),
    knownIds:
      before.knownIds && (await updateKnownIds(read, before.knownIds, { changedIds: [], deletedIds })),
  };
  const entries = saveDeletions(read, { before: [stored, before], state, deleted });
  return { entries, hasMore: false, areTracked: true };
}

/** A row that was read again after its deletion was brought back by a restore, and can be deleted again. */
async function withPresentRows(read: FeedRead, stored: DeletionState): Promise<DeletionState> {
  const present = read.recorded.map(({ id }) => id);
  return {
    ...stored,
    reported: omitIds(stored.reported, new Set(present)),
    knownIds:
      stored.knownIds &&
      (await updateKnownIds(read, stored.knownIds, { changedIds: present, deletedIds: [] })),
  };
}

interface DeletionChange {
  readonly before: readonly DeletionState[];
  readonly state: DeletionState;
  readonly deleted: readonly DeletedRow[];
}

function saveDeletions(read: FeedRead, { before, state, deleted }: DeletionChange): readonly DeletedEntry[] {
  saveDeletionState(read.feed, read.buffer, state);
  deleteIdLists(read, before.flatMap(listsOf), listsOf(state));
  for (const { id } of deleted) read.records.markDeleted(id);
  return deleted.map(({ id, atMs }) => ({ kind: 'deleted' as const, id, atMs }));
}

/**
 * Starts a new scan of all keys, which finds the rows that are missing, also those that a delta link cannot report: a
 * restore of the organization undoes rows without deleting them.
 */
export async function restartKeyScan(read: FeedRead): Promise<void> {
  const { feed, buffer } = read;
  const before = await loadDeletionState(feed, buffer);
  const after = { scan: { lists: [] }, knownIds: before.knownIds, reported: {} };
  saveDeletionState(feed, buffer, after);
  deleteIdLists(read, listsOf(before), listsOf(after));
}

interface DeletionStep {
  readonly deleted: readonly DeletedRow[];
  readonly state: DeletionState;
  readonly hasMore: boolean;
}

function listsOf({ knownIds, scan }: DeletionState): readonly string[] {
  return [...(knownIds?.lists ?? []), ...(scan?.lists ?? [])];
}

const noIds = { lists: [], added: [], removed: [] };

/**
 * Reads the deletions of a delta link. A row can be created again with its id, or be restored from the recycle bin: its
 * deletion is among those of the link as long as the link is older, and only a further read tells whether it is there.
 */
async function continueDeltaLink(
  known: DeletionState,
  link: DeltaLink,
  read: FeedRead,
): Promise<DeletionStep> {
  const { feed, budget, deadLetters, strategy } = read;
  const { following, ...rest } = known;
  const delta = await strategy.follow({
    reader: feed.reader,
    key: feed.table.key,
    url: following?.page ?? link.url,
    startedMs: following?.startedMs,
    budget,
  });
  for (const row of delta.deadLetters) await deadLetters.add(row);
  const reportedById = new Map(delta.deleted.map((row) => [row.id, row]));
  const isReported = (id: string) => Object.hasOwn(known.reported, id);
  const changed = new Set(delta.changedIds);
  // A link that is read in parts has the changes in another part.
  const isDoubtful = (id: string) => !isReported(id) && (following !== undefined || changed.has(id));
  const present = await findExisting(feed, [...reportedById.keys()].filter(isDoubtful));
  const deletedById = new Map([...reportedById].filter(([id]) => !present.has(id)));
  const unreported = [...deletedById.values()].filter(({ id }) => !isReported(id));
  const knownIds = await updateKnownIds(read, known.knownIds ?? noIds, {
    changedIds: delta.changedIds,
    deletedIds: [...deletedById.keys()],
  });
  const updated = { ...rest, knownIds, reported: addReported(known.reported, unreported) };
  const state = nextDeletionState(updated, delta.end, read);
  return { deleted: unreported, state, hasMore: delta.end.why !== 'done' || state.scan !== undefined };
}

/** The state from which the next read continues. */
function nextDeletionState(
  known: DeletionState,
  end: DeltaEnd,
  { feed, overlapMs }: FeedRead,
): DeletionState {
  const { knownIds, reported, rescanAtMs, newerLink, link } = known;
  if (end.why === 'stopped') return { ...known, following: { page: end.page, startedMs: end.startedMs } };
  if (end.why === 'refused') {
    feed.services.log({ level: 'warn', event: 'feed.delta-expired', fields: { table: feed.table.name } });
    return { scan: { lists: [] }, knownIds, reported };
  }
  const isRescanDue = rescanAtMs !== undefined && end.startedMs >= rescanAtMs;
  const rescan = isRescanDue ? { scan: { lists: [] } } : { rescanAtMs };
  if (newerLink === undefined) return { ...rescan, link, knownIds, reported, newerLink: end.younger };
  if (end.startedMs - newerLink.atMs < overlapMs) return { ...rescan, link, knownIds, reported, newerLink };
  const recent = Object.entries(reported).filter(([, atMs]) => atMs >= newerLink.atMs - overlapMs);
  return {
    ...rescan,
    knownIds,
    reported: Object.fromEntries(recent),
    link: newerLink,
    newerLink: end.younger,
  };
}

/** A completed scan lists all rows. Known rows that it lacks are deleted, unless a further read finds them. */
async function continueKeyScan(known: DeletionState, read: FeedRead): Promise<DeletionStep> {
  const scanned = await scanKeys(known.scan ?? { lists: [] }, read);
  if ('on' in scanned) return { deleted: [], state: { ...known, scan: scanned.on }, hasMore: true };
  const scannedIds = await readIdLists(read, scanned.lists);
  if (scannedIds === undefined)
    return { deleted: [], state: { ...known, scan: { lists: [] } }, hasMore: true };

  const before = known.knownIds && (await readKnownIds(read, known.knownIds));
  const missing = [...(before ?? [])].filter((id) => !scannedIds.has(id));
  const existing = await findExisting(read.feed, missing);
  const { atMs } = scanned.done;
  const deleted = missing
    .filter((id) => !existing.has(id) && !Object.hasOwn(known.reported, id))
    .map((id) => ({ id, atMs }));
  const state: DeletionState = {
    link: known.link ?? scanned.done,
    newerLink: known.newerLink,
    rescanAtMs: known.link === undefined ? atMs + read.overlapMs : undefined,
    knownIds: { lists: scanned.lists, added: [...existing], removed: [] },
    // A row that is there again can be deleted again.
    reported: addReported(omitIds(known.reported, scannedIds), deleted),
  };
  return { deleted, state, hasMore: false };
}

function omitIds(reported: DeletionState['reported'], ids: ReadonlySet<string>): DeletionState['reported'] {
  return Object.fromEntries(Object.entries(reported).filter(([id]) => !ids.has(id)));
}

function addReported(
  reported: DeletionState['reported'],
  deleted: readonly DeletedRow[],
): DeletionState['reported'] {
  return deleted.length === 0
    ? reported
    : { ...reported, ...Object.fromEntries(deleted.map(({ id, atMs }) => [id, atMs])) };
}
