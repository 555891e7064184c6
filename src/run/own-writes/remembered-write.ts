import type { WrittenFingerprints } from './written-fingerprints.ts';

/** What a write of ours left in a row. */
export interface RememberedWrite {
  /** The version of the row after the write. */
  readonly version: bigint;
  /** The write created the row, so all of its values are ours. */
  readonly isCreate: boolean;
  /** Of the values after the write; for a create, of all columns that are not empty. */
  readonly fingerprints: WrittenFingerprints;
}

/** A write as it is stored, in one line and with short names: row, version, time, fingerprints, and 1 for a create. */
export interface StoredWrite {
  readonly r: string;
  readonly v: string;
  readonly t: number;
  readonly f: WrittenFingerprints;
  readonly c?: 1;
}
