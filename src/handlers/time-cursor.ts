import { isGuid } from '../model/guid.ts';
import { isValidDateTime } from '../model/is-valid-date.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { invalidValuesError } from '../run/codec/invalid-value.ts';

/**
 * Where a list that is sorted by time, newest first, continues. Dataverse keeps times in whole seconds, so the ids of
 * that second which were returned already are part of it: `2026-01-31T08:00:00Z~1f3d0c7a-…,77d0b2f6-…`.
 */
export interface TimeCursor {
  /** RFC 3339. The list continues with this time; undefined for the first page. */
  readonly until?: string;
  /** The ids of this time that an earlier page had. */
  readonly returned: ReadonlySet<string>;
}

/**
 * Reads the input `before`: the `next` of an earlier page, or a time; without it, the list starts with its first page.
 * INPUT_INVALID if it is neither.
 */
export function parseTimeCursor(before: Json | undefined): TimeCursor {
  if (before === undefined) return { returned: new Set() };
  const [until = '', ids] = String(before).split('~');
  const returned = ids === undefined ? [] : ids.split(',');
  if (isValidDateTime(until) && returned.every(isGuid)) return { until, returned: new Set(returned) };
  const message = 'must be the "next" of a page, or a time';
  throw invalidValuesError([{ path: '/before', message, keyword: 'format' }]);
}

/**
 * The query options that read the entries of a page from a table, and one more, which shows whether there is another
 * page. The rows of an earlier page are among them.
 *
 * @param filter the condition on the rows of the list
 */
export function pageQuery(
  filter: string,
  { until, returned }: TimeCursor,
  limit: number,
): { readonly $filter: string; readonly $top: string } {
  const clauses = until === undefined ? [filter] : [filter, `createdon le ${until}`];
  return { $filter: clauses.join(' and '), $top: String(limit + 1 + returned.size) };
}

/** An entry of a list that is sorted by time. */
interface TimedEntry extends JsonObject {
  readonly id: string;
  readonly on: string;
}

/** The first entries of a sorted list that no earlier page had, and the cursor of the rest; `next` is null if there is none. */
export function cutPage<Entry extends TimedEntry>(
  sorted: readonly Entry[],
  limit: number,
  { until, returned }: TimeCursor,
): { readonly entries: readonly Entry[]; readonly next: string | null } {
  const fresh = sorted.filter(({ id }) => !returned.has(id));
  const entries = fresh.slice(0, limit);
  const last = entries.at(-1);
  if (fresh.length <= limit || last === undefined) return { entries, next: null };
  const sameTime = entries.filter(({ on }) => on === last.on).map(({ id }) => id);
  const earlier = until === last.on ? [...returned] : [];
  return { entries, next: `${last.on}~${[...earlier, ...sameTime].join(',')}` };
}
