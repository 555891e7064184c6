import type { JsonObject } from '../model/json.ts';

/** Some rows of a job that travel together; `start` is the place of the first among all. */
export interface Chunk {
  readonly start: number;
  readonly rows: readonly JsonObject[];
  /** No other chunk follows. */
  readonly last: boolean;
}

/** Cuts rows into chunks of `size`, passing over the first `skip`. Holds two chunks at most. */
export async function* chunkRows(
  rows: AsyncIterable<JsonObject> | Iterable<JsonObject>,
  size: number,
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
    if (open.length < size) continue;
    full = open;
    open = [];
  }
  const rest = full ?? open;
  if (rest.length > 0) yield { start: index - rest.length, rows: rest, last: true };
}
