import type { JsonObject } from '../model/json.ts';
import { fingerprintLength, fingerprintOf } from './column-fingerprint.ts';

/**
 * Fingerprints of the columns of a write: ` title=0f3c… prioritycode=91a2…`. Each write has dozens of them, and few writes
 * are looked at again, so they are one text and no object.
 */
export type WrittenFingerprints = string;

/** The fingerprint of one column as a part of the text. */
export function writtenFingerprint(row: JsonObject, wireName: string): WrittenFingerprints {
  return ` ${wireName}=${fingerprintOf(row, wireName)}`;
}

/** The fingerprint of a column; undefined if the write did not write it. */
export function findFingerprint(written: WrittenFingerprints, wireName: string): string | undefined {
  const name = ` ${wireName}=`;
  const at = written.indexOf(name);
  const start = at + name.length;
  return at < 0 ? undefined : written.slice(start, start + fingerprintLength);
}
