import type { TableColumn } from '../model/table.ts';
import type { Feed } from './feed.ts';
import { type RowFacts, readFacts, selectFactColumns, wireNamesOf } from './row-facts.ts';

/** Ids per request: the URL stays far below Dataverse's limit of 32 KB. */
const idsPerRequest = 100;

/**
 * Returns which of these rows exist. Rows can move during a scan, so the scan may miss one; a missing row counts as
 * deleted only if this read does not find it either.
 */
export async function findExisting(feed: Feed, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await findRows(feed, ids, { select: [feed.table.key] });
  return new Set(rows.map(({ id }) => id));
}

/** Reads these rows, as far as they exist, with their facts and these columns. */
export async function findRowsById(
  feed: Pick<Feed, 'reader' | 'table'>,
  ids: readonly string[],
  wireNames: readonly string[],
): Promise<readonly RowFacts[]> {
  return await findRows(feed, ids, { select: selectFactColumns(feed.table, wireNames) });
}

/** Reads these columns of these rows, as far as they exist; the facts have no times. */
export async function findColumnsById(
  feed: Pick<Feed, 'reader' | 'table'>,
  ids: readonly string[],
  columns: readonly TableColumn[],
): Promise<readonly RowFacts[]> {
  const select = [feed.table.key, ...columns.map(({ wireName }) => wireName)];
  return await findRows(feed, ids, { select });
}

/** Reads those of these rows that match a filter now. */
export async function findMatching(
  feed: Feed,
  filter: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RowFacts>> {
  const rows = await findRows(feed, ids, {
    select: selectFactColumns(feed.table, wireNamesOf(feed.table)),
    filter,
  });
  return new Map(rows.map((facts) => [facts.id, facts]));
}

async function findRows(
  { reader, table }: Pick<Feed, 'reader' | 'table'>,
  ids: readonly string[],
  { select, filter }: { readonly select: readonly string[]; readonly filter?: string },
): Promise<readonly RowFacts[]> {
  const unique = [...new Set(ids)];
  const found: RowFacts[] = [];
  for (let start = 0; start < unique.length; start += idsPerRequest) {
    const part = unique.slice(start, start + idsPerRequest);
    const keys = part.map((id) => `${table.key} eq ${id}`).join(' or ');
    let page = await reader.read({
      filter: filter === undefined ? keys : `(${filter}) and (${keys})`,
      select,
      pageSize: idsPerRequest,
    });
    for (;;) {
      found.push(...page.rows.map((row) => readFacts(row, table.key)).filter((facts) => facts !== undefined));
      if (page.nextLink === undefined) break;
      page = await reader.next(page.nextLink);
    }
  }
  return found;
}
