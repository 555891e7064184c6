import { ConnectorError } from '../errors/connector-error.ts';
import type { DeltaLink } from './deletion-state.ts';
import { isRejectedRequest } from './is-rejected-request.ts';
import type { PollBudget } from './poll-budget.ts';
import { normalizeGuid } from './row-facts.ts';
import type { PollPage, RowReader, WireRow } from './row-reader-port.ts';

/** The changes on the pages of a delta link. */
export interface DeltaResult {
  /** Ids of rows that are new or changed. */
  readonly changedIds: readonly string[];
  readonly deleted: readonly DeletedRow[];
  /** Rows with an invalid id. */
  readonly deadLetters: readonly WireRow[];
  readonly end: DeltaEnd;
}

/** A deleted row, and the organization's time of the response that reported it. */
export interface DeletedRow {
  readonly id: string;
  readonly atMs: number;
}

/** Why the read ended: all pages were read, the budget is exhausted, or the link is no longer accepted. */
export type DeltaEnd =
  | { readonly why: 'done'; readonly startedMs: number; readonly younger: DeltaLink }
  | { readonly why: 'stopped'; readonly startedMs: number; readonly page: string }
  | { readonly why: 'refused' };

/** Where to start reading, and the budget. */
export interface DeltaReadOptions {
  readonly reader: RowReader;
  /** Wire name of the table's key. */
  readonly key: string;
  /** A delta link, or the page at which the last poll stopped. */
  readonly url: string;
  /** The time at which the read of this link started, if it was in an earlier poll. */
  readonly startedMs?: number;
  readonly budget: PollBudget;
}

/** Reads all pages of a delta link. The last page has the new delta link. */
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

/** The delta link of the last page. */
export function deltaLinkOf({ deltaLink, serverTimeMs }: PollPage): DeltaLink {
  if (deltaLink === undefined) {
    throw new ConnectorError('RESPONSE_INVALID', 'The last page of tracked changes has no delta link.');
  }
  return { url: deltaLink, atMs: serverTimeMs };
}

/** The page, or undefined if Dataverse rejects the link: it has expired, or the metadata has changed. */
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
