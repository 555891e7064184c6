import type { Cursor } from './cursor.ts';
import type { RowFacts } from './row-facts.ts';
import type { SeenVersions } from './seen-versions.ts';

/**
 * Classifies a row version that was not seen before. A row that was created after `newSinceMs` and is not in
 * `seenVersions` is new. Its absence from `seenVersions` alone is not sufficient, since old entries are removed. A new
 * row with a back-dated `createdon` is classified as updated.
 */
export function classifyChange(
  facts: RowFacts,
  cursor: Cursor,
  seenVersions: SeenVersions,
): 'created' | 'updated' {
  return facts.createdMs >= cursor.newSinceMs && !seenVersions.hasId(facts.id) ? 'created' : 'updated';
}
