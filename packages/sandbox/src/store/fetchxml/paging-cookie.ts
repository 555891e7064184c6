import { parseGuid } from '../../guid.ts';
import type { OrderKey } from '../query/order.ts';
import { decodePageToken, encodePageToken, type PageCursor } from '../query/page-token.ts';

/** A paging cookie in the format of FetchXML. The element `cursor` is an addition of the sandbox: the position after the page. */
export function formatPagingCookie(
  key: string,
  {
    page,
    first,
    last,
    cursor,
  }: { page: number; first: string; last: string; cursor: PageCursor | undefined },
): string {
  const id = (text: string) => `{${text.toUpperCase()}}`;
  const cursorXml = cursor ? `<cursor last="${encodePageToken(cursor)}" />` : '';
  return `<cookie page="${page}"><${key} last="${id(last)}" first="${id(first)}" />${cursorXml}</cookie>`;
}

/** The position in a paging cookie; undefined when it has none. */
export function parsePagingCookie(
  cookie: string | undefined,
  keys: readonly OrderKey[],
): PageCursor | undefined {
  const token = /<cursor last="([\w-]+)"/.exec(cookie ?? '')?.[1];
  return token === undefined
    ? undefined
    : decodePageToken(
        token,
        keys.map(({ isInteger }) => isInteger),
      );
}

/** The id of the last row in a cookie of Dataverse: the element of the primary key, `<accountid last="{…}" first="{…}" />`. */
export function lastIdOf(cookie: string | undefined, primaryId: string): string | undefined {
  const [, value = ''] = new RegExp(`<${primaryId} last="\\{([^"}]*)\\}"`, 'i').exec(cookie ?? '') ?? [];
  return parseGuid(value);
}
