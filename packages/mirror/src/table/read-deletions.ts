import { ConnectorError } from 'dynamics365-connector';
import { isRejectedRequest, type PollPage } from 'dynamics365-connector/host';
import { confirmDeletions } from './confirm-deletions.ts';
import type { TableContext } from './table-context.ts';
import type { DeltaLinks, TableState, TimedLink } from './table-state.ts';

/** What a link returned: the link after it, or that it is not accepted any more. */
type Followed = { readonly link: TimedLink; readonly startedMs: number } | 'refused';

/** Follows the newest link, which has few rows. */
export async function readNewestDeletions(context: TableContext, state: TableState): Promise<TableState> {
  const { links } = state;
  if (links === undefined) return state;
  const followed = await followLink(context, state, links.newest.url);
  if (followed === 'refused') return withoutLinks(context, state);
  return { ...state, links: { ...links, newest: followed.link } };
}

/** Follows the link that is one overlap old, for deletions that were committed late. */
export async function readLateDeletions(context: TableContext, state: TableState): Promise<TableState> {
  const { links } = state;
  if (links === undefined) return state;
  const followed = await followLink(context, state, links.safe.url);
  if (followed === 'refused') return withoutLinks(context, state);
  return { ...state, links: advanceLinks(links, followed, context.limits.overlapMs) };
}

/** A link replaces the safe one when every deletion that began before it has been committed, and was read now. */
function advanceLinks(
  links: DeltaLinks,
  { link, startedMs }: { readonly link: TimedLink; readonly startedMs: number },
  overlapMs: number,
): DeltaLinks {
  if (links.next === undefined) return { ...links, next: link };
  if (startedMs - links.next.atMs < overlapMs) return links;
  return { ...links, safe: links.next, next: link };
}

/** A link expires after 7 days, and with a change of the metadata. A walk over the keys returns a new one. */
function withoutLinks({ log, table }: TableContext, state: TableState): TableState {
  log({ level: 'warn', event: 'mirror.delta-expired', fields: { table: table.logicalName } });
  const { links: _, ...rest } = state;
  return { ...rest, nextWalkAtMs: 0 };
}

async function followLink(context: TableContext, state: TableState, url: string): Promise<Followed> {
  let startedMs: number | undefined;
  for (let next = url; ; ) {
    const page = await pageOrRefused(context.readers.keys.follow(next));
    if (page === 'refused') return 'refused';
    startedMs ??= page.serverTimeMs;
    const ids = page.rows.filter(isDeleted).map(({ id }) => String(id).toLowerCase());
    await confirmDeletions(context, state, ids);
    if (page.nextLink === undefined) return { link: deltaLinkOf(page), startedMs };
    next = page.nextLink;
  }
}

/** The page, or whether Dataverse refuses its link. */
export async function pageOrRefused(reading: Promise<PollPage>): Promise<PollPage | 'refused'> {
  try {
    return await reading;
  } catch (error) {
    if (isRejectedRequest(error)) return 'refused';
    throw error;
  }
}

export function deltaLinkOf({ deltaLink, serverTimeMs }: PollPage): TimedLink {
  if (deltaLink === undefined)
    throw new ConnectorError('RESPONSE_INVALID', 'The last page of tracked changes has no delta link.');
  return { url: deltaLink, atMs: serverTimeMs };
}

/** OData 4.0, 11.3: a deleted entity says so in its context, and has an id and a reason only. */
function isDeleted(row: PollPage['rows'][number]): boolean {
  const context = row['@odata.context'];
  return typeof context === 'string' && context.endsWith('/$deletedEntity');
}
