import { ConnectorError } from '../errors/connector-error.ts';
import { maxPageSize } from '../odata/limits.ts';
import type { DeltaLink, KeyScan } from './deletion-state.ts';
import type { Feed } from './feed.ts';
import type { FeedRead } from './feed-read.ts';
import { deltaLinkOf, undefinedIfRejected } from './follow-delta-link.ts';
import { saveIdList } from './known-ids.ts';
import { normalizeGuid } from './row-facts.ts';
import type { PollPage } from './row-reader-port.ts';

/** The result of a scan: its delta link and id lists, or the page at which the next read continues. */
export type KeyScanResult =
  | { readonly done: DeltaLink; readonly lists: readonly string[] }
  | { readonly on: KeyScan };

/** Continues the scan of all keys; it reports nothing. If a link has expired, the scan starts again. */
export async function scanKeys(scan: KeyScan, read: FeedRead): Promise<KeyScanResult> {
  const { feed, budget, deadLetters } = read;
  const lists = [...scan.lists];
  for (let link = scan.page; ; ) {
    const page =
      link === undefined ? await firstPage(feed) : await undefinedIfRejected(feed.reader.follow(link));
    if (page === undefined) return { on: { lists: [] } };
    budget.spend(page.rows.length);
    const ids: string[] = [];
    for (const row of page.rows) {
      const id = normalizeGuid(row[feed.table.key]);
      if (id === undefined) await deadLetters.add(row);
      else ids.push(id);
    }
    if (ids.length > 0) lists.push(saveIdList(read, ids));
    if (page.nextLink === undefined) return { done: deltaLinkOf(page), lists };
    if (budget.isExhausted()) return { on: { page: page.nextLink, lists } };
    link = page.nextLink;
  }
}

async function firstPage({ reader, table }: Feed): Promise<PollPage> {
  try {
    return await reader.trackChanges({ select: [table.key], pageSize: maxPageSize });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { status } = error.details;
    if (status !== 400 && status !== 403) throw error;
    throw error.withDetails({
      advice: `To report deletions, turn on change tracking for ${table.logicalName}, and give the user a role that reads all its rows in the organization.`,
    });
  }
}
