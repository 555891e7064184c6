import { isJsonObject, type Json } from '../model/json.ts';
import { RowCutter } from './row-cutter.ts';

/** The value of a body, and the length of its text. */
export interface ParsedBody {
  readonly json: Json;
  readonly chars: number;
}

/**
 * Parses a body whose rows are cut from it, so that there is never one text with all of them: V8 gives each text of more
 * than 128 KB memory of its own, which takes longer than parsing it. Undefined if the body is not JSON.
 */
export function parseLargeJson(parts: readonly Uint8Array[]): ParsedBody | undefined {
  const cutter = new RowCutter();
  const rows: Json[] = [];
  try {
    for (const part of parts)
      for (let at = 0; at < part.byteLength; at += maxCutBytes)
        for (const row of cutter.push(part.subarray(at, at + maxCutBytes))) rows.push(row);
    const rest = cutter.end() ?? null;
    const { chars } = cutter;
    if (rows.length === 0) return { json: rest, chars };
    if (!isJsonObject(rest) || !Array.isArray(rest.value)) return undefined;
    for (const row of rest.value) rows.push(row);
    return { json: { ...rest, value: rows }, chars };
  } catch {
    // A list whose items are not rows, or no JSON: the whole text tells.
    return undefined;
  }
}

/** The buffer of the cutter has room for these bytes and the row before them. */
const maxCutBytes = 48 * 1024;
