import { type DeletionState, initialDeletionState } from './deletion-state.ts';
import { findExisting } from './find-existing.ts';
import type { DeletedRow, DeltaEnd } from './follow-delta-link.ts';
import { readIdLists, readKnownIds, updateKnownIds } from './known-ids.ts';
import type { PollRun } from './poll-run.ts';
import { scanKeys } from './scan-keys.ts';

/** New deletions, and the state after the read. */
export interface DeletionBatch {
  readonly deleted: readonly DeletedRow[];
  readonly deletionState: DeletionState;
  /** Whether there is more to read at once. */
  readonly more: boolean;
}

/** Continues the scan of keys or the delta link of the previous poll. */
export async function readDeletions(poll: PollRun): Promise<DeletionBatch> {
  const known = poll.state.deletionState ?? initialDeletionState;
  return known.scan === undefined ? await continueDeltaLink(known, poll) : await continueKeyScan(known, poll);
}

async function continueDeltaLink(known: DeletionState, poll: PollRun): Promise<DeletionBatch> {
  const { context, state, budget } = poll;
  const { following, ...rest } = known;
  const delta = await poll.strategy.follow({
    reader: context.reader,
    key: context.table.key,
    url: following?.page ?? known.link!.url,
    ...(following === undefined ? {} : { startedMs: following.startedMs }),
    budget,
  });
  for (const row of delta.deadLetters) await poll.deadLetters.add(row);
  const deletedById = new Map(delta.deleted.map((gone) => [gone.id, gone]));
  const unreported = [...deletedById.values()].filter(({ id }) => !Object.hasOwn(known.reported, id));
  const changes = { came: delta.changedIds, went: [...deletedById.keys()] };
  const knownIds = await updateKnownIds(context, state.activationId, known.knownIds!, changes);
  const deletions = nextDeletionState(
    { ...rest, knownIds, reported: addReported(known.reported, unreported) },
    delta.end,
    poll,
  );
  return {
    deleted: unreported,
    deletionState: deletions,
    more: delta.end.why !== 'done' || deletions.scan !== undefined,
  };
}

/** The state from which the next poll continues. */
function nextDeletionState(
  known: DeletionState,
  end: DeltaEnd,
  { context, overlapMs }: PollRun,
): DeletionState {
  const { knownIds, reported, rescanAtMs, newerLink, ...rest } = known;
  if (end.why === 'stopped') return { ...known, following: { page: end.page, startedMs: end.startedMs } };
  if (end.why === 'refused') {
    const fields = { trigger: context.trigger.id, table: context.table.name };
    context.services.log({ level: 'warn', event: 'poll.delta-expired', fields });
    return { scan: { lists: [] }, knownIds: knownIds!, reported };
  }
  const isCheckDue = rescanAtMs !== undefined && end.startedMs >= rescanAtMs;
  const check = isCheckDue ? { scan: { lists: [] } } : rescanAtMs === undefined ? {} : { rescanAtMs };
  if (newerLink === undefined)
    return { ...rest, ...check, knownIds: knownIds!, reported, newerLink: end.younger };
  if (end.startedMs - newerLink.atMs < overlapMs)
    return { ...rest, ...check, knownIds: knownIds!, reported, newerLink };
  const recent = Object.entries(reported).filter(([, atMs]) => atMs >= newerLink.atMs - overlapMs);
  return {
    ...check,
    knownIds: knownIds!,
    reported: Object.fromEntries(recent),
    link: newerLink,
    newerLink: end.younger,
  };
}

/** A completed scan lists all rows. Known rows that it lacks are deleted, unless a further read finds them. */
async function continueKeyScan(known: DeletionState, poll: PollRun): Promise<DeletionBatch> {
  const { context, state, overlapMs } = poll;
  const scanned = await scanKeys(known.scan!, poll);
  if ('on' in scanned) return { deleted: [], deletionState: { ...known, scan: scanned.on }, more: true };
  const scannedIds = await readIdLists(context, state.activationId, scanned.lists);
  if (scannedIds === undefined)
    return { deleted: [], deletionState: { ...known, scan: { lists: [] } }, more: true };

  const before = known.knownIds && (await readKnownIds(context, state.activationId, known.knownIds));
  const missing = [...(before ?? [])].filter((id) => !scannedIds.has(id));
  const existing = await findExisting(context, missing);
  const { atMs } = scanned.done;
  const deleted = missing
    .filter((id) => !existing.has(id) && !Object.hasOwn(known.reported, id))
    .map((id) => ({ id, atMs }));
  const deletions: DeletionState = {
    link: known.link ?? scanned.done,
    ...(known.newerLink === undefined ? {} : { newerLink: known.newerLink }),
    ...(known.link === undefined ? { rescanAtMs: atMs + overlapMs } : {}),
    knownIds: { lists: scanned.lists, added: [...existing], removed: [] },
    reported: addReported(known.reported, deleted),
  };
  return { deleted, deletionState: deletions, more: false };
}

function addReported(
  reported: DeletionState['reported'],
  deleted: readonly DeletedRow[],
): DeletionState['reported'] {
  return deleted.length === 0
    ? reported
    : { ...reported, ...Object.fromEntries(deleted.map(({ id, atMs }) => [id, atMs])) };
}
