import type { PollContext } from './poll-context.ts';
import { normalizeGuid } from './row-facts.ts';

/** Ids asked for at once: the URL stays far below Dataverse's 32 KB. */
const idsPerRequest = 100;

/**
 * Which of these rows exist after all. Rows move while a walk goes over them, and it may miss one; so nothing
 * is reported as deleted on a walk's word alone.
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
