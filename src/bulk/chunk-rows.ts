import type { JsonObject } from '../model/json.ts';

/** Rows of a job that are sent together. */
export interface Chunk {
  /** The index of the first row among all rows of the job. */
  readonly start: number;
  readonly rows: readonly JsonObject[];
  /** Whether this is the last chunk. */
  readonly last: boolean;
}

/**
 * Splits rows into chunks after skipping the first `skip` rows. Holds at most two chunks in memory.
 *
 * @param size rows per chunk; a function, if it changes while the rows are read
 */
export async function* chunkRows(
  rows: AsyncIterable<JsonObject> | Iterable<JsonObject>,
  size: number | (() => number),
  skip = 0,
): AsyncGenerator<Chunk> {
  let index = 0;
  let open: JsonObject[] = [];
  let full: JsonObject[] | undefined;
  for await (const row of rows) {
    if (index++ < skip) continue;
    if (full !== undefined) {
      yield { start: index - 1 - full.length, rows: full, last: false };
      full = undefined;
    }
    open.push(row);
    if (open.length < (typeof size === 'number' ? size : size())) continue;
    full = open;
    open = [];
  }
  const rest = full ?? open;
  if (rest.length > 0) yield { start: index - rest.length, rows: rest, last: true };
}
