import type { JsonObject } from '../model/json.ts';
import type { PollItem } from '../model/plan.ts';
import { compileRowShaper } from '../run/codec/shape-row.ts';
import type { Feed, FeedSubscription } from './feed.ts';
import { findColumnsById } from './find-existing.ts';

/**
 * Adds the columns of the organization that a subscription asks for. The log of a feed is shared and has the columns of
 * the table schema only, so they are read for the items that are reported, as the rows are now. A row that is gone by
 * then has none.
 */
export async function addCustomColumns(
  feed: Pick<Feed, 'table' | 'reader'>,
  { customColumns = [] }: FeedSubscription,
  items: readonly PollItem[],
): Promise<readonly PollItem[]> {
  const reported = items.filter(({ change }) => change !== 'deleted').map(({ row }) => String(row.id));
  if (customColumns.length === 0 || reported.length === 0) return items;
  const found = await readCustomColumns(feed, customColumns, reported);
  return items.map((item) => {
    const custom = found.get(String(item.row.id));
    return custom === undefined ? item : { ...item, row: { ...item.row, customColumns: custom } };
  });
}

async function readCustomColumns(
  feed: Pick<Feed, 'table' | 'reader'>,
  columns: NonNullable<FeedSubscription['customColumns']>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const { table } = feed;
  const found = new Map<string, JsonObject>();
  const shapeRow = compileRowShaper({ ...table, columns });
  for (const { row } of await findColumnsById(feed, ids, columns)) {
    const { customColumns } = shapeRow(row);
    if (customColumns !== undefined) found.set(String(row[table.key]), customColumns as JsonObject);
  }
  return found;
}
