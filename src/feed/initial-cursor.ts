import type { Cursor } from './cursor.ts';
import type { Feed } from './feed.ts';
import { isRejectedRequest } from './is-rejected-request.ts';
import { maxRecentRows, type RecentRow, type RecentRows, toRecentRow } from './recent-rows.ts';
import { readFacts, selectFactColumns } from './row-facts.ts';
import type { PollPage } from './row-reader-port.ts';

/** The rows that changed last, with the organization's time of the response. */
type NewestPage = Pick<RecentRows, 'rows'> & Pick<PollPage, 'serverTimeMs'>;

/** Where a new feed starts. */
export interface InitialPosition {
  readonly cursor: Cursor;
  readonly highestVersion: bigint;
  /** The rows that changed last. A change that is open now can be committed with a version below `completeFrom`. */
  readonly newest: Pick<RecentRows, 'rows' | 'completeFrom'>;
}

/**
 * The cursor of a new feed: one overlap before now, by the organization's clock. The same request finds out whether the
 * organization can filter on versions, and reads the rows with the highest ones.
 */
export async function readInitialPosition(
  feed: Pick<Feed, 'reader' | 'table'>,
  overlapMs: number,
): Promise<InitialPosition> {
  try {
    const page = await readNewest(feed, { filter: 'versionnumber gt 0', orderBy: 'versionnumber desc' });
    const { cursor, ...position } = startAt(page, overlapMs);
    const watermark = { version: position.highestVersion, atMs: page.serverTimeMs };
    return { ...position, cursor: { ...cursor, watermark } };
  } catch (error) {
    if (!isRejectedRequest(error)) throw error;
    return startAt(await readNewest(feed, { orderBy: 'modifiedon desc' }), overlapMs);
  }
}

/** The rows with the highest versions up to this one. */
export async function readNewestUpTo(feed: Feed, version: bigint): Promise<readonly RecentRow[]> {
  const filter = `versionnumber le ${version}`;
  return (await readNewest(feed, { filter, orderBy: 'versionnumber desc' })).rows;
}

async function readNewest(
  { reader, table }: Pick<Feed, 'reader' | 'table'>,
  query: { readonly filter?: string; readonly orderBy: string },
): Promise<NewestPage> {
  const first = await reader.read({
    ...query,
    select: selectFactColumns(table, []),
    pageSize: maxRecentRows,
  });
  const rows = [...first.rows];
  let link = first.nextLink;
  while (link !== undefined && rows.length < maxRecentRows) {
    const page = await reader.next(link);
    rows.push(...page.rows);
    link = page.nextLink;
  }
  const facts = rows.map((row) => readFacts(row, table.key)).filter((each) => each !== undefined);
  return { rows: facts.map(toRecentRow), serverTimeMs: first.serverTimeMs };
}

function startAt({ rows, serverTimeMs }: NewestPage, overlapMs: number): InitialPosition {
  const readFromMs = serverTimeMs - overlapMs;
  const highestVersion = rows.reduce((high, { version }) => (version > high ? version : high), 0n);
  return {
    cursor: { readFromMs, newSinceMs: readFromMs },
    highestVersion,
    newest: { rows, completeFrom: highestVersion + 1n },
  };
}
