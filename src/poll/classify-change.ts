import type { Cursor } from './cursor.ts';
import type { RowFacts } from './row-facts.ts';
import type { SeenVersions } from './seen-versions.ts';

/**
 * What a version that was not seen before means. What was created before `newSinceMs` was seen long ago, so
 * a row created since is new, unless it is known; "never seen" alone would not do, since the ledger forgets.
 * A row that was created with a back-dated `createdon` is taken for updated.
 */
export function classifyChange(
  facts: RowFacts,
  cursor: Cursor,
  seenVersions: SeenVersions,
): 'created' | 'updated' {
  return facts.createdMs >= cursor.newSinceMs && !seenVersions.hasId(facts.id) ? 'created' : 'updated';
}
