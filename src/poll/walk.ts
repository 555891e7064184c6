import { ConnectorError } from '../errors/connector-error.ts';
import type { DeltaLink, Walk } from './deletions.ts';
import { deltaLinkOf, unlessRefused } from './follow-link.ts';
import type { Poll } from './poll.ts';
import type { PollContext } from './poll-context.ts';
import type { Page } from './ports.ts';
import { keepList } from './roster.ts';
import { readGuid } from './row-facts.ts';

/** How far a walk came: to the end, or to a page that the next poll goes on from. */
export type Walked = { readonly done: DeltaLink; readonly lists: readonly string[] } | { readonly on: Walk };

/** What Dataverse gives at most; the rows are keys only. */
const PAGE_SIZE = 5000;

/** Walks on over the keys of all rows, without a word to the host; a link that expired on the way begins anew. */
export async function walkOn(walk: Walk, { context, memory, budget, deadLetters }: Poll): Promise<Walked> {
  const { reader, table } = context;
  const lists = [...walk.lists];
  for (let link = walk.page; ; ) {
    const page = link === undefined ? await firstPage(context) : await unlessRefused(reader.follow(link));
    if (page === undefined) return { on: { lists: [] } };
    budget.spend(page.rows.length);
    const ids: string[] = [];
    for (const row of page.rows) {
      const id = readGuid(row[table.key]);
      if (id === undefined) await deadLetters.add(row);
      else ids.push(id);
    }
    if (ids.length > 0) lists.push(await keepList(context, memory.instance, ids));
    if (page.nextLink === undefined) return { done: deltaLinkOf(page), lists };
    if (budget.isSpent()) return { on: { page: page.nextLink, lists } };
    link = page.nextLink;
  }
}

async function firstPage({ reader, table, trigger }: PollContext): Promise<Page> {
  try {
    return await reader.trackChanges({ select: [table.key], pageSize: PAGE_SIZE });
  } catch (error) {
    const status = error instanceof ConnectorError ? error.details.status : undefined;
    if (status !== 400 && status !== 403) throw error;
    const advice = `${trigger.id} reports deletions: turn on change tracking for ${table.logicalName}, and give the user a role that reads all its rows in the organisation.`;
    throw (error as ConnectorError).with({ advice });
  }
}
