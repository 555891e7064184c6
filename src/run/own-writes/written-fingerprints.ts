import type { Json } from '../../model/json.ts';
import { hashValue } from '../hash-value.ts';

/**
 * Fingerprints of the columns of a write: ` title=0f3c… prioritycode=91a2…`. Each write has dozens of them, and few writes
 * are looked at again, so they are one text and no object.
 */
export type WrittenFingerprints = string;

/** Hexadecimal digits of a fingerprint. */
const fingerprintLength = 16;

const decoder = new TextDecoder();

/**
 * Writes the fingerprints of one write after another, as bytes: joining hundreds of short texts takes longer than all of
 * them. Names of columns are ASCII in Dataverse. Another one would not be found again, and what is not known to be ours is
 * reported.
 */
export class FingerprintWriter {
  #bytes = new Uint8Array(4096);
  #end = 0;

  /** Adds the fingerprint of the value of a column. */
  add(wireName: string, value: Json): void {
    const start = this.#end;
    this.#reserve(start + wireName.length + fingerprintLength + 2);
    const bytes = this.#bytes;
    bytes[start] = 0x20;
    for (let at = 0; at < wireName.length; at++) bytes[start + 1 + at] = wireName.charCodeAt(at);
    const end = start + 1 + wireName.length;
    bytes[end] = 0x3d;
    const { first, last } = hashValue(value);
    writeHex(bytes, end + 1, first);
    writeHex(bytes, end + 9, last);
    this.#end = end + 1 + fingerprintLength;
  }

  /** The text of the fingerprints that were added since the last one. */
  take(): WrittenFingerprints {
    const text = decoder.decode(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return text;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const longer = new Uint8Array(2 * length);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}

/** Writes 32 bits as 8 hexadecimal digits. */
function writeHex(bytes: Uint8Array, start: number, half: number): void {
  for (let digit = 0; digit < 8; digit++) {
    const value = (half >>> (28 - 4 * digit)) & 15;
    bytes[start + digit] = value < 10 ? 48 + value : 87 + value;
  }
}

/** The fingerprint of a column; undefined if the write did not write it. */
export function findFingerprint(written: WrittenFingerprints, wireName: string): string | undefined {
  const name = ` ${wireName}=`;
  const at = written.indexOf(name);
  const start = at + name.length;
  return at < 0 ? undefined : written.slice(start, start + fingerprintLength);
}
