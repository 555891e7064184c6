import { DataverseError } from '../errors.ts';

/** The position after a page. */
export interface PageCursor {
  /** Number of the next page, from 2. */
  readonly page: number;
  /** Number of rows on the pages before it. */
  readonly rowsBefore: number;
  /** Sort values of the last row. */
  readonly lastValues: readonly (string | number | null)[];
}

/** Encodes a position as opaque text. */
export const encodePageToken = ({ page, rowsBefore, lastValues }: PageCursor): string =>
  Buffer.from(JSON.stringify([page, rowsBefore, ...lastValues])).toString('base64url');

/** Decodes a page token. `integerFlags` tells which sort values are integers. Rejects invalid tokens. */
export function decodePageToken(token: string, integerFlags: readonly boolean[]): PageCursor {
  const [page, rowsBefore, ...lastValues] = parse(token);
  const fits =
    Number.isSafeInteger(page) &&
    Number.isSafeInteger(rowsBefore) &&
    lastValues.length === integerFlags.length &&
    integerFlags.every((isInteger, index) => isOrderValue(lastValues[index], isInteger));
  if (!fits) throw new DataverseError(400, '0x8004112a', 'Malformed XML in the Paging Cookie');
  return {
    page: page as number,
    rowsBefore: rowsBefore as number,
    lastValues: lastValues as PageCursor['lastValues'],
  };
}

function parse(token: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const isOrderValue = (value: unknown, isInteger: boolean): boolean => {
  if (value === null) return true;
  if (isInteger) return typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  return typeof value === 'string' || typeof value === 'number';
};
