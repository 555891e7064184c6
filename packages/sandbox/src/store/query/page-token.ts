import { StoreRefusal } from '../refusal.ts';

/** Where a page ended. */
export interface PagePlace {
  /** Number of the page that begins here, from 2. */
  readonly page: number;
  /** Rows given on all pages before. */
  readonly seen: number;
  /** Order values of the last row. */
  readonly last: readonly (string | number | null)[];
}

/** A place as opaque text. */
export const writePlace = ({ page, seen, last }: PagePlace): string =>
  Buffer.from(JSON.stringify([page, seen, ...last])).toString('base64url');

/** Reads it back; `keys` is how many order values it must hold. Refuses what is none of ours. */
export function readPlace(token: string, wholeNumbers: readonly boolean[]): PagePlace {
  const parts = parse(token);
  const [page, seen, ...last] = parts;
  const fits =
    Number.isSafeInteger(page) &&
    Number.isSafeInteger(seen) &&
    last.length === wholeNumbers.length &&
    last.every((value, index) => isOrderValue(value, wholeNumbers[index]!));
  if (!fits) throw new StoreRefusal('0x8004112a', 400, 'Malformed XML in the Paging Cookie');
  return { page: page as number, seen: seen as number, last: last as PagePlace['last'] };
}

function parse(token: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const isOrderValue = (value: unknown, wholeNumber: boolean): boolean => {
  if (value === null) return true;
  if (wholeNumber) return typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  return typeof value === 'string' || typeof value === 'number';
};
