import { ConnectorError } from '../errors/connector-error.ts';
import { walkBaseline } from './baseline-walk.ts';
import { checkRewind } from './check-rewind.ts';
import { DeadLetters } from './dead-letters.ts';
import {
  coversNeeds,
  type Feed,
  type FeedNeeds,
  type FeedReadOptions,
  type FeedWake,
  mergeNeeds,
} from './feed.ts';
import { createHead, type FeedHead, headKey, loadHead, type StoredHead, serializeHead } from './feed-head.ts';
import { appendToLog, defaultRetention, type FeedEntry, pruneLog } from './feed-log.ts';
import type { FeedRead } from './feed-read.ts';
import { readInitialPosition } from './initial-cursor.ts';
import { startPollBudget } from './poll-budget.ts';
import { type ChangeBatch, readChanges, readNewestChanges, recordWindow } from './read-changes.ts';
import { readDeadlines } from './read-deadlines.ts';
import { confirmDeletions, type DeletionBatch, noDeletions, readDeletions } from './read-deletions.ts';
import { addRecentRows, loadRecentRows, saveRecentRows } from './recent-rows.ts';
import { reconcile } from './reconcile.ts';
import { RowRecords } from './row-records.ts';
import { withServerTime } from './server-time.ts';
import { type Strategy, standardStrategy } from './strategy.ts';
import { WriteBuffer } from './write-buffer.ts';

const defaultOverlapMs = 600_000;
/** Dataverse ends a transaction after two minutes; with less overlap, late commits would be lost. */
const minOverlapMs = 180_000;
/** How often old entries are removed, and restores are looked for. */
const checkIntervalMs = 900_000;
/** How often a read starts again because other processes read the feed meanwhile, for other needs. */
const maxAttempts = 30;

/** The result of one read. */
export interface FeedReadResult {
  readonly head: FeedHead;
  /** Number of new entries in the log. */
  readonly appended: number;
  /** Whether a limit stopped the read; then read again at once. */
  readonly hasMore: boolean;
  /** It was a short read after a wake. */
  readonly isShort?: boolean;
  /** What the read appended; empty if another process was faster. */
  readonly entries: readonly FeedEntry[];
}

/**
 * Reads once what changed in the table since the last read, for all subscriptions of the feed, and appends it to the
 * log. The first read of a feed records the rows of the overlap and appends nothing. Everything that a read finds is
 * written at once; if another process has read the feed meanwhile, this read is discarded and the other's head returned.
 * If that read did not cover these needs, the feed is read again: changes that nobody reads would be lost.
 *
 * @throws the errors of the requests and of the store; CHECKPOINT_INVALID if the stored state cannot be read; STORE_FAILED if other reads win 30 times
 */
export async function readFeed(
  feed: Feed,
  needs: FeedNeeds,
  options: FeedReadOptions = {},
  strategy: Strategy = standardStrategy,
): Promise<FeedReadResult> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const stored = await loadHead(storedFeed(feed));
    const read = startRead(feed, { head: stored.head, needs, options, strategy });
    const { wake } = options;
    const isShort = wake !== undefined && canReadNewest(stored.head, needs);
    const result = isShort ? await readNewest(read, stored, wake) : await readOnce(read, stored);
    if (result !== undefined) return result;
    const head = await requireHead(feed);
    if (coversNeeds(head.needs, needs)) return { head, appended: 0, hasMore: false, entries: [] };
  }
  throw new ConnectorError(
    'STORE_FAILED',
    `${feed.table.name}: other reads of the feed were always faster.`,
    {
      advice: 'Poll again. If it happens again, poll the table less often.',
    },
  );
}

/** Reads, and writes what was found. Undefined if another process has read the feed meanwhile. */
async function readOnce(read: FeedRead, { version }: StoredHead): Promise<FeedReadResult | undefined> {
  const rows = await readRows(read);
  const restored = await reconcile(read);
  const deletions = read.needs.deletions ? await readDeletions(read) : noDeletions;
  const check = await checkIfDue(read, rows, deletions);
  await rememberRecent(read, deletions);
  const walk = await walkBaseline(read, rows.reached.cursor);
  const committed = await commitRead(read, version, {
    entries: [...rows.entries, ...restored.entries, ...deletions.entries],
    reached: { ...rows.reached, baseline: walk.baseline, rewind: restored.rewind, ...check },
  });
  return (
    committed && {
      ...committed,
      hasMore: rows.hasMore || walk.hasMore || deletions.hasMore || committed.head.rewind !== undefined,
    }
  );
}

/** Whether a feed can be read from its highest version on: nothing else is to be done first. */
function canReadNewest(head: FeedHead | undefined, needs: FeedNeeds): boolean {
  if (head === undefined || head.rewind !== undefined || !coversNeeds(head.needs, needs)) return false;
  return !head.needs.changes || head.cursor?.watermark !== undefined;
}

/** Reads what is newer than everything that was read. Undefined if another process has read the feed meanwhile. */
async function readNewest(
  read: FeedRead,
  { version }: StoredHead,
  { deletedIds = [] }: FeedWake,
): Promise<FeedReadResult | undefined> {
  const { head } = read;
  const { cursor, highestVersion } = head;
  const none = { entries: [], cursor, highestVersion, hasMore: false };
  const rows = cursor === undefined ? none : await readNewestChanges(read, cursor);
  const deletions = read.needs.deletions ? await confirmDeletions(read, deletedIds) : noDeletions;
  const wokenAtMs = read.feed.reader.serverTimeMs();
  // Without a request, there is nothing to write, and no time of the organization.
  if (wokenAtMs === 0) return { head, appended: 0, hasMore: false, isShort: true, entries: [] };
  await rememberRecent(read, deletions);
  const committed = await commitRead(read, version, {
    entries: [...rows.entries, ...deletions.entries],
    reached: { cursor: rows.cursor, highestVersion: rows.highestVersion, wokenAtMs },
  });
  return committed && { ...committed, hasMore: rows.hasMore, isShort: true };
}

interface ReadStart {
  readonly head: FeedHead | undefined;
  readonly needs: FeedNeeds;
  readonly options: FeedReadOptions;
  readonly strategy: Strategy;
}

function startRead(feed: Feed, { head, needs, options, strategy }: ReadStart): FeedRead {
  const buffer = new WriteBuffer(feed.services.store);
  return {
    feed: { ...feed, reader: withServerTime(feed.reader) },
    head: head ?? createHead(feed.services.uuid(), options.minEpoch),
    needs: head === undefined ? needs : mergeNeeds(head.needs, needs),
    strategy,
    overlapMs: Math.max(options.overlapMs ?? defaultOverlapMs, minOverlapMs),
    retention: { ...defaultRetention, ...options.retention },
    budget: startPollBudget(options.limits ?? {}, feed.services.clock),
    records: new RowRecords(feed, buffer),
    recorded: [],
    deadLetters: new DeadLetters(feed, buffer),
    buffer,
  };
}

/** What a read of rows found, and the parts of the head after it. */
interface RowBatch {
  readonly entries: readonly FeedEntry[];
  readonly reached: Partial<FeedHead>;
  readonly hasMore: boolean;
  readonly outdated: ChangeBatch['outdated'];
}

/** Reads changed rows and passed deadlines. A new feed starts with a record of the rows of the overlap. */
async function readRows(read: FeedRead): Promise<RowBatch> {
  if (!read.needs.changes) return { entries: [], reached: {}, hasMore: false, outdated: [] };
  const changes = await readOrRecordChanges(read);
  const { cursor, highestVersion, outdated } = changes;
  const startedMs = read.head.startedMs ?? cursor.newSinceMs;
  if (changes.hasMore) return { ...changes, reached: { cursor, highestVersion, startedMs } };
  const { entries, dueFromMs, hasMore } = await readDeadlines(read, changes.endedMs);
  return {
    entries: [...changes.entries, ...entries],
    reached: { cursor, highestVersion, startedMs, dueFromMs },
    hasMore,
    outdated,
  };
}

async function readOrRecordChanges(read: FeedRead) {
  const { cursor } = read.head;
  if (cursor !== undefined) return await readChanges(read, cursor);
  const initial = await readInitialPosition(read.feed, read.overlapMs);
  const recorded = await recordWindow(read, initial.cursor);
  saveRecentRows(read.feed, read.buffer, { ...initial.newest, deletedIds: [] });
  const { highestVersion } = initial.highestVersion > recorded.highestVersion ? initial : recorded;
  return { ...recorded, highestVersion };
}

/** Remembers what was read now for the next check. */
async function rememberRecent(
  { feed, buffer, recorded }: FeedRead,
  { entries }: DeletionBatch,
): Promise<void> {
  if (recorded.length === 0 && entries.length === 0) return;
  const read = { recorded, deletedIds: entries.map(({ id }) => id) };
  saveRecentRows(feed, buffer, addRecentRows(await loadRecentRows(feed, buffer), read));
}

/** Writes entries, records and head at once. Undefined if another process was faster. */
async function commitRead(
  read: FeedRead,
  version: number | undefined,
  { entries, reached }: { readonly entries: readonly FeedEntry[]; readonly reached: Partial<FeedHead> },
): Promise<Omit<FeedReadResult, 'hasMore'> | undefined> {
  const { feed, buffer, needs } = read;
  const readAtMs = feed.reader.serverTimeMs();
  const before = version === undefined ? startCounting(read.head, readAtMs) : read.head;
  const sequence = appendToLog(feed, buffer, before, { atMs: readAtMs, entries });
  const head: FeedHead = { ...before, ...reached, needs, sequence, readAtMs };
  buffer.set(headKey(feed), serializeHead(head));
  const isCommitted = await buffer.commit({ key: headKey(feed), version });
  read.deadLetters.report();
  return isCommitted ? { head, appended: entries.length, entries } : undefined;
}

/** The entries of a new feed are numbered from the organization's time on. */
function startCounting(head: FeedHead, readAtMs: number): FeedHead {
  return { ...head, sequence: readAtMs, prunedThrough: readAtMs, checkedAtMs: readAtMs };
}

/** Removes old entries and looks for a restore of the organization, every 15 minutes or when rows are not as they were. */
async function checkIfDue(
  read: FeedRead,
  { outdated, reached }: RowBatch,
  deletions: DeletionBatch,
): Promise<Partial<FeedHead>> {
  const { feed, buffer, retention, head } = read;
  const nowMs = feed.reader.serverTimeMs();
  const isUnusual = outdated.length > 0 || (!deletions.areTracked && deletions.entries.length > 0);
  if (head.checkedAtMs === 0 || (nowMs - head.checkedAtMs < checkIntervalMs && !isUnusual)) return {};
  const prunedThrough = await pruneLog(feed, buffer, { ...retention, ...head, nowMs });
  const { cursor } = reached;
  const rewound = cursor === undefined ? {} : await checkRewind(read, { cursor, deletions, outdated });
  return { prunedThrough, checkedAtMs: nowMs, ...rewound };
}

function storedFeed({ key, services }: Feed) {
  return { key, store: services.store };
}

async function requireHead(feed: Feed): Promise<FeedHead> {
  const { head } = await loadHead(storedFeed(feed));
  if (head !== undefined) return head;
  throw new ConnectorError('STORE_FAILED', 'The state of the feed disappeared during a read.');
}
