import { ConnectorError } from '../errors/connector-error.ts';
import type { Budget } from './budget.ts';
import type { DeltaLink } from './deletions.ts';
import type { Page, Row, RowReader } from './ports.ts';
import { isRefused } from './refused.ts';
import { readGuid } from './row-facts.ts';

/** What the pages behind a delta link told. */
export interface Told {
  /** Ids of rows that are new or changed. */
  readonly came: readonly string[];
  readonly went: readonly Gone[];
  /** Rows that are neither: their id cannot be read. */
  readonly unreadable: readonly Row[];
  readonly end: End;
}

/** A row that is no more, and the organisation's time when it said so. */
export interface Gone {
  readonly id: string;
  readonly atMs: number;
}

/** Why it ended: read to the end, out of budget, or the link is not accepted any more. */
export type End =
  | { readonly why: 'done'; readonly startedMs: number; readonly younger: DeltaLink }
  | { readonly why: 'stopped'; readonly startedMs: number; readonly page: string }
  | { readonly why: 'refused' };

/** Where following begins, and what it may cost. */
export interface Following {
  readonly reader: RowReader;
  /** Wire name of the table's key. */
  readonly key: string;
  /** A delta link, or the page at which the last poll stopped. */
  readonly url: string;
  /** When following this link began, if it was an earlier poll. */
  readonly startedMs?: number;
  readonly budget: Budget;
}

/** Follows a delta link over all its pages: the new delta link stands on the last. */
export async function followLink({ reader, key, url, budget, ...begun }: Following): Promise<Told> {
  const came: string[] = [];
  const went: Gone[] = [];
  const unreadable: Row[] = [];
  const tell = (end: End): Told => ({ came, went, unreadable, end });
  let { startedMs } = begun;
  for (let next = url; ; ) {
    const page = await unlessRefused(reader.follow(next));
    if (page === undefined) return tell({ why: 'refused' });
    budget.spend(page.rows.length);
    startedMs ??= page.serverTimeMs;
    for (const row of page.rows) {
      const id = readGuid(isDeleted(row) ? row.id : row[key]);
      if (id === undefined) unreadable.push(row);
      else if (isDeleted(row)) went.push({ id, atMs: page.serverTimeMs });
      else came.push(id);
    }
    if (page.nextLink === undefined) return tell({ why: 'done', startedMs, younger: deltaLinkOf(page) });
    if (budget.isSpent()) return tell({ why: 'stopped', startedMs, page: page.nextLink });
    next = page.nextLink;
  }
}

/** The delta link of a last page. */
export function deltaLinkOf({ deltaLink, serverTimeMs }: Page): DeltaLink {
  if (deltaLink === undefined) {
    throw new ConnectorError('RESPONSE_INVALID', 'The last page of tracked changes brought no delta link.');
  }
  return { url: deltaLink, atMs: serverTimeMs };
}

/** The page, or undefined when the link is not accepted: expired, or issued for other metadata. */
export async function unlessRefused(reading: Promise<Page>): Promise<Page | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

/** OData 4.0, 11.3: a deleted entity says so in its context, and has an id and a reason only. */
function isDeleted(row: Row): boolean {
  const context = row['@odata.context'];
  return typeof context === 'string' && context.endsWith('/$deletedEntity');
}
