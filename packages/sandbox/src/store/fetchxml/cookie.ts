import type { OrderKey } from '../query/order.ts';
import { type PagePlace, readPlace, writePlace } from '../query/page-token.ts';

/** A paging cookie in FetchXML's form. `place` is ours: where the page ended. */
export function writeCookie(
  key: string,
  { page, first, last, place }: { page: number; first: string; last: string; place: PagePlace | undefined },
): string {
  const id = (text: string) => `{${text.toUpperCase()}}`;
  const ours = place ? `<place last="${writePlace(place)}" />` : '';
  return `<cookie page="${page}"><${key} last="${id(last)}" first="${id(first)}" />${ours}</cookie>`;
}

/** The place in a cookie that was handed back, if it has one. */
export function placeInCookie(cookie: string | undefined, keys: readonly OrderKey[]): PagePlace | undefined {
  const token = /<place last="([\w-]+)"/.exec(cookie ?? '')?.[1];
  return token === undefined
    ? undefined
    : readPlace(
        token,
        keys.map(({ wholeNumber }) => wholeNumber),
      );
}
