import type { Attribute, TableModel } from '../model/types.ts';
import type { BlobStore } from './blob-store.ts';

/** Creates the next value of an auto-number column. */
export type AutoNumber = (table: TableModel, attribute: Attribute) => string;

const firstNumber = 1000;
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const storageKind = 'auto-number';

/** Sets the number of the next row of an auto-number column. */
export function setAutoNumberSeed(blobs: BlobStore, table: string, column: string, next: number): void {
  blobs.put(storageKind, `${table}.${column}`, { text: `${next}` });
}

/** The number that the next row of an auto-number column gets. */
export function readNextAutoNumber(blobs: BlobStore, table: string, column: string): number {
  return Number(blobs.get(storageKind, `${table}.${column}`)?.text ?? firstNumber);
}

/**
 * Replaces the placeholders of `autoNumberFormat`: `{SEQNUM:4}`, `{RANDSTRING:3}` and `{DATETIMEUTC:yyyyMMdd}`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/create-auto-number-attributes
 */
export function createAutoNumbers(
  blobs: BlobStore,
  { nowMs, random }: { readonly nowMs: () => number; readonly random: () => number },
): AutoNumber {
  const randomText = (length: number) =>
    Array.from({ length }, () => characters[Math.floor(random() * characters.length)]).join('');
  return ({ logicalName: table }, { logicalName: column, autoNumberFormat = '' }) => {
    const number = readNextAutoNumber(blobs, table, column);
    setAutoNumberSeed(blobs, table, column, number + 1);
    return autoNumberFormat.replace(
      /\{(SEQNUM|RANDSTRING|DATETIMEUTC):([^}]*)\}/g,
      (_placeholder, kind: string, argument: string) => {
        if (kind === 'SEQNUM') return `${number}`.padStart(Number(argument), '0');
        if (kind === 'RANDSTRING') return randomText(Math.min(Number(argument) || 1, 6));
        return formatUtc(new Date(nowMs()), argument);
      },
    );
  };
}

/** A time by the pattern letters of .NET: `yyyyMMddHHmmss`. */
function formatUtc(date: Date, pattern: string): string {
  const pad = (value: number) => `${value}`.padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    yyyy: `${date.getUTCFullYear()}`,
    yy: `${date.getUTCFullYear()}`.slice(2),
    MM: pad(date.getUTCMonth() + 1),
    dd: pad(date.getUTCDate()),
    HH: pad(date.getUTCHours()),
    hh: pad(date.getUTCHours() % 12 || 12),
    mm: pad(date.getUTCMinutes()),
    ss: pad(date.getUTCSeconds()),
  };
  return pattern.replace(/yyyy|yy|MM|dd|HH|hh|mm|ss/g, (letters) => parts[letters] ?? letters);
}
