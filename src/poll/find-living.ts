import type { PollContext } from './poll-context.ts';
import { readGuid } from './row-facts.ts';

/** Ids asked for at once: the URL stays far below Dataverse's 32 KB. */
const AT_ONCE = 100;

/**
 * Which of these rows exist after all. Rows move while a walk goes over them, and it may miss one; so nothing
 * is reported as deleted on a walk's word alone.
 */
export async function findLiving(
  { reader, table }: PollContext,
  ids: readonly string[],
): Promise<Set<string>> {
  const living = new Set<string>();
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const page = await reader.read({
      filter: ids
        .slice(start, start + AT_ONCE)
        .map((id) => `${table.key} eq ${id}`)
        .join(' or '),
      orderBy: `${table.key} asc`,
      select: [table.key],
      pageSize: AT_ONCE,
    });
    for (const row of page.rows) {
      const id = readGuid(row[table.key]);
      if (id !== undefined) living.add(id);
    }
  }
  return living;
}
