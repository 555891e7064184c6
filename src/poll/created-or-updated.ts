import type { Ledger } from './ledger.ts';
import type { RowFacts } from './row-facts.ts';
import type { Place } from './window.ts';

/**
 * What a version that was not seen before means. What was created before `newSinceMs` was seen long ago, so
 * a row created since is new, unless it is known; "never seen" alone would not do, since the ledger forgets.
 * A row that was created with a back-dated `createdon` is taken for updated.
 */
export function createdOrUpdated(facts: RowFacts, place: Place, ledger: Ledger): 'created' | 'updated' {
  return facts.createdMs >= place.newSinceMs && !ledger.knows(facts.id) ? 'created' : 'updated';
}
