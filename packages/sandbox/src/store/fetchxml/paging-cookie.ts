import type { OrderKey } from '../query/order.ts';
import { decodePageToken, encodePageToken, type PageCursor } from '../query/page-token.ts';

/** A paging cookie in FetchXML's form. `place` is ours: where the page ended. */
export function formatPagingCookie(
  key: string,
  {
    page,
    first,
    last,
    place: cursor,
  }: { page: number; first: string; last: string; place: PageCursor | undefined },
): string {
  const id = (text: string) => `{${text.toUpperCase()}}`;
  const cursorXml = cursor ? `<place last="${encodePageToken(cursor)}" />` : '';
  return `<cookie page="${page}"><${key} last="${id(last)}" first="${id(first)}" />${cursorXml}</cookie>`;
}

/** The place in a cookie that was handed back, if it has one. */
export function parsePagingCookie(
  cookie: string | undefined,
  keys: readonly OrderKey[],
): PageCursor | undefined {
  const token = /<place last="([\w-]+)"/.exec(cookie ?? '')?.[1];
  return token === undefined
    ? undefined
    : decodePageToken(
        token,
        keys.map(({ isInteger }) => isInteger),
      );
}
