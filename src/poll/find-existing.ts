import type { PollContext } from './poll-context.ts';
import { normalizeGuid } from './row-facts.ts';

/** Ids per request: the URL stays far below Dataverse's limit of 32 KB. */
const idsPerRequest = 100;

/**
 * Returns which of these rows exist. Rows can move during a scan, so the scan may miss one; a missing row counts as
 * deleted only if this read does not find it either.
 */
export async function findExisting(
  { reader, table }: PollContext,
  ids: readonly string[],
): Promise<Set<string>> {
  const existing = new Set<string>();
  for (let start = 0; start < ids.length; start += idsPerRequest) {
    const page = await reader.read({
      filter: ids
        .slice(start, start + idsPerRequest)
        .map((id) => `${table.key} eq ${id}`)
        .join(' or '),
      orderBy: `${table.key} asc`,
      select: [table.key],
      pageSize: idsPerRequest,
    });
    for (const row of page.rows) {
      const id = normalizeGuid(row[table.key]);
      if (id !== undefined) existing.add(id);
    }
  }
  return existing;
}
