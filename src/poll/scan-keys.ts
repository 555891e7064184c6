import { ConnectorError } from '../errors/connector-error.ts';
import { maxPageSize } from '../odata/limits.ts';
import type { DeltaLink, KeyScan } from './deletion-state.ts';
import { deltaLinkOf, undefinedIfRejected } from './follow-delta-link.ts';
import { saveIdList } from './known-ids.ts';
import type { PollContext } from './poll-context.ts';
import type { PollRun } from './poll-run.ts';
import { normalizeGuid } from './row-facts.ts';
import type { PollPage } from './row-reader-port.ts';

/** The result of a scan: its delta link and id lists, or the page at which the next poll continues. */
export type KeyScanResult =
  | { readonly done: DeltaLink; readonly lists: readonly string[] }
  | { readonly on: KeyScan };

/** Continues the scan of all keys; it reports nothing. If a link has expired, the scan starts again. */
export async function scanKeys(
  scan: KeyScan,
  { context, state, budget, deadLetters }: PollRun,
): Promise<KeyScanResult> {
  const { reader, table } = context;
  const lists = [...scan.lists];
  for (let link = scan.page; ; ) {
    const page =
      link === undefined ? await firstPage(context) : await undefinedIfRejected(reader.follow(link));
    if (page === undefined) return { on: { lists: [] } };
    budget.spend(page.rows.length);
    const ids: string[] = [];
    for (const row of page.rows) {
      const id = normalizeGuid(row[table.key]);
      if (id === undefined) await deadLetters.add(row);
      else ids.push(id);
    }
    if (ids.length > 0) lists.push(await saveIdList(context, state.activationId, ids));
    if (page.nextLink === undefined) return { done: deltaLinkOf(page), lists };
    if (budget.isExhausted()) return { on: { page: page.nextLink, lists } };
    link = page.nextLink;
  }
}

async function firstPage({ reader, table, trigger }: PollContext): Promise<PollPage> {
  try {
    return await reader.trackChanges({ select: [table.key], pageSize: maxPageSize });
  } catch (error) {
    const status = error instanceof ConnectorError ? error.details.status : undefined;
    if (status !== 400 && status !== 403) throw error;
    const advice = `${trigger.id} reports deletions: turn on change tracking for ${table.logicalName}, and give the user a role that reads all its rows in the organization.`;
    throw (error as ConnectorError).withDetails({ advice });
  }
}
