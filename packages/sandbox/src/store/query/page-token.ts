import { DataverseError } from '../errors.ts';

/** Where a page ended. */
export interface PageCursor {
  /** Number of the page that begins here, from 2. */
  readonly page: number;
  /** Rows given on all pages before. */
  readonly rowsBefore: number;
  /** Order values of the last row. */
  readonly lastValues: readonly (string | number | null)[];
}

/** A place as opaque text. */
export const encodePageToken = ({ page, rowsBefore, lastValues }: PageCursor): string =>
  Buffer.from(JSON.stringify([page, rowsBefore, ...lastValues])).toString('base64url');

/** Reads it back; `keys` is how many order values it must hold. Refuses what is none of ours. */
export function decodePageToken(token: string, integerFlags: readonly boolean[]): PageCursor {
  const parts = parse(token);
  const [page, seen, ...last] = parts;
  const fits =
    Number.isSafeInteger(page) &&
    Number.isSafeInteger(seen) &&
    last.length === integerFlags.length &&
    last.every((value, index) => isOrderValue(value, integerFlags[index]!));
  if (!fits) throw new DataverseError('0x8004112a', 400, 'Malformed XML in the Paging Cookie');
  return { page: page as number, rowsBefore: seen as number, lastValues: last as PageCursor['lastValues'] };
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
