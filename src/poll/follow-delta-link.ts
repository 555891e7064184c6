import { ConnectorError } from '../errors/connector-error.ts';
import type { DeltaLink } from './deletion-state.ts';
import { isRejectedRequest } from './is-rejected-request.ts';
import type { PollBudget } from './poll-budget.ts';
import { normalizeGuid } from './row-facts.ts';
import type { PollPage, RowReader, WireRow } from './row-reader-port.ts';

/** What the pages behind a delta link told. */
export interface DeltaResult {
  /** Ids of rows that are new or changed. */
  readonly changedIds: readonly string[];
  readonly deleted: readonly DeletedRow[];
  /** Rows that are neither: their id cannot be read. */
  readonly deadLetters: readonly WireRow[];
  readonly end: DeltaEnd;
}

/** A row that is no more, and the organization's time when it said so. */
export interface DeletedRow {
  readonly id: string;
  readonly atMs: number;
}

/** Why it ended: read to the end, out of budget, or the link is not accepted any more. */
export type DeltaEnd =
  | { readonly why: 'done'; readonly startedMs: number; readonly younger: DeltaLink }
  | { readonly why: 'stopped'; readonly startedMs: number; readonly page: string }
  | { readonly why: 'refused' };

/** Where following begins, and what it may cost. */
export interface DeltaReadOptions {
  readonly reader: RowReader;
  /** Wire name of the table's key. */
  readonly key: string;
  /** A delta link, or the page at which the last poll stopped. */
  readonly url: string;
  /** When following this link began, if it was an earlier poll. */
  readonly startedMs?: number;
  readonly budget: PollBudget;
}

/** Follows a delta link over all its pages: the new delta link stands on the last. */
export async function followDeltaLink({
  reader,
  key,
  url,
  budget,
  ...previous
}: DeltaReadOptions): Promise<DeltaResult> {
  const changedIds: string[] = [];
  const deleted: DeletedRow[] = [];
  const unreadable: WireRow[] = [];
  const result = (end: DeltaEnd): DeltaResult => ({ changedIds, deleted, deadLetters: unreadable, end });
  let { startedMs } = previous;
  for (let next = url; ; ) {
    const page = await undefinedIfRejected(reader.follow(next));
    if (page === undefined) return result({ why: 'refused' });
    budget.spend(page.rows.length);
    startedMs ??= page.serverTimeMs;
    for (const row of page.rows) {
      const id = normalizeGuid(isDeleted(row) ? row.id : row[key]);
      if (id === undefined) unreadable.push(row);
      else if (isDeleted(row)) deleted.push({ id, atMs: page.serverTimeMs });
      else changedIds.push(id);
    }
    if (page.nextLink === undefined) return result({ why: 'done', startedMs, younger: deltaLinkOf(page) });
    if (budget.isExhausted()) return result({ why: 'stopped', startedMs, page: page.nextLink });
    next = page.nextLink;
  }
}

/** The delta link of a last page. */
export function deltaLinkOf({ deltaLink, serverTimeMs }: PollPage): DeltaLink {
  if (deltaLink === undefined) {
    throw new ConnectorError('RESPONSE_INVALID', 'The last page of tracked changes brought no delta link.');
  }
  return { url: deltaLink, atMs: serverTimeMs };
}

/** The page, or undefined when the link is not accepted: expired, or issued for other metadata. */
export async function undefinedIfRejected(reading: Promise<PollPage>): Promise<PollPage | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isRejectedRequest(error)) return undefined;
    throw error;
  }
}

/** OData 4.0, 11.3: a deleted entity says so in its context, and has an id and a reason only. */
function isDeleted(row: WireRow): boolean {
  const context = row['@odata.context'];
  return typeof context === 'string' && context.endsWith('/$deletedEntity');
}
