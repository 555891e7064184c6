import { parseExactJson } from '../model/exact-json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { requireRows } from './read-page.ts';

/**
 * Cuts rows from the body of a list while it arrives: `push` returns the rows that are complete, and `end` the rest of the
 * body with the last rows, as JSON: `{ "value": [last rows], "@odata.nextLink": ... }`.
 *
 * A cut is made behind the last `},{` of what has arrived. Whether that is between two rows, and not inside of one or of
 * a text, is not searched but tried: the text before it is a list of complete rows exactly if it is valid JSON in `[]`. A
 * body in which no cut is found is parsed at its end.
 */
export class RowCutter {
  /** The length of the text that was parsed: that of the whole body, after its end. */
  chars = 0;
  readonly #decoder = new TextDecoder();
  /** `[` and the bytes that are not cut yet. */
  #bytes = new Uint8Array(minBufferSize).fill(openBracket, 0, 1);
  #end = 1;
  /** The body before its first row. */
  #head: string | undefined;
  #minEnd = 0;

  push(chunk: Uint8Array): readonly JsonObject[] {
    this.#append(chunk);
    if (this.#end < this.#minEnd) return [];
    const hasHead = this.#head !== undefined || this.#cutHead();
    const rows = hasHead ? this.#cutRows() : undefined;
    // The next attempt waits for as much again, so that long rows do not take quadratic time.
    this.#minEnd = rows === undefined ? this.#end * 2 : 0;
    return rows ?? [];
  }

  /** Throws SyntaxError if the body is not JSON. An empty body is undefined. */
  end(): Json | undefined {
    const text = this.#decoder.decode(this.#bytes.subarray(1, this.#end));
    this.chars += text.length;
    return this.#head === undefined && text === '' ? undefined : parseExactJson(`${this.#head ?? ''}${text}`);
  }

  #append(chunk: Uint8Array): void {
    const end = this.#end + chunk.byteLength;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(end * 2);
      larger.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end = end;
  }

  #removeBefore(at: number): void {
    this.#bytes.copyWithin(1, at, this.#end);
    this.#end -= at - 1;
  }

  #cutHead(): boolean {
    const bytes = this.#bytes.subarray(1, this.#end);
    // One character for each byte, so that places in the text are places in the bytes.
    const text = new TextDecoder('latin1').decode(bytes);
    for (let at = text.indexOf(listStart); at >= 0; at = text.indexOf(listStart, at + 1)) {
      const end = at + listStart.length;
      const head = this.#decoder.decode(bytes.subarray(0, end));
      if (!isJson(`${head}]}`)) continue;
      this.#head = head;
      this.chars += head.length;
      this.#removeBefore(end + 1);
      return true;
    }
    return false;
  }

  #cutRows(): readonly JsonObject[] | undefined {
    const end = this.#findCut();
    if (end === undefined) return undefined;
    this.#bytes[end] = closeBracket;
    const text = this.#decoder.decode(this.#bytes.subarray(0, end + 1));
    const rows = parseRows(text);
    this.#bytes[end] = comma;
    if (rows === undefined) return undefined;
    this.#removeBefore(end + 1);
    // The comma behind the rows counts for the bracket that is not in the body.
    this.chars += text.length - 1;
    return rows;
  }

  /** The comma of the last `},{`. */
  #findCut(): number | undefined {
    const bytes = this.#bytes;
    for (let at = this.#end; ; ) {
      at = bytes.lastIndexOf(openBrace, at - 1);
      if (at < 3) return undefined;
      if (bytes[at - 1] === comma && bytes[at - 2] === closeBrace) return at - 1;
    }
  }
}

/** The usual size of a chunk, and a row. */
const minBufferSize = 72 * 1024;

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const comma = 0x2c;

const listStart = '"value":[';

/** Undefined if the text is not JSON. */
function parseRows(text: string): readonly JsonObject[] | undefined {
  let rows: Json;
  try {
    rows = parseExactJson(text);
  } catch {
    return undefined;
  }
  return requireRows(rows);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
