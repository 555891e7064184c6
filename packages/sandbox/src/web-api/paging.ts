import { parseGuid } from '../guid.ts';
import type { TableModel } from '../model/types.ts';
import { invalidQuery } from './errors.ts';
import type { ODataQueryOptions } from './query-options.ts';
import { percentDecode } from './request-path.ts';

/** The start of the next page, as in `$skiptoken`. */
export interface PageCookie {
  readonly page: number;
  /** The store's page token; absent when the cookie has only a page number. */
  readonly token?: string | undefined;
  /** The last row of the page before, in braces as in Dataverse. */
  readonly lastId?: string | undefined;
  /** Whether it is a page of a change tracking response. */
  readonly tracking: boolean;
}

/** The first and the last row of a page. */
export interface PageEdges {
  readonly primaryId: string;
  readonly first: string;
  readonly last: string;
}

/** The first and the last row of a page. */
export function pageEdgesOf({ primaryId }: TableModel, rows: readonly { readonly id: string }[]): PageEdges {
  return { primaryId, first: rows[0]?.id ?? '', last: rows.at(-1)?.id ?? '' };
}

/**
 * `<cookie pagenumber="2" pagingcookie="…" istracking="False" />`, percent-encoded as in Dataverse: opaque to clients,
 * with a double-encoded inner cookie.
 */
export function formatSkipToken(cookie: PageCookie, edges: PageEdges): string {
  const { primaryId, first, last } = edges;
  const edgesXml = `<${primaryId} last="${braced(last)}" first="${braced(first)}" />`;
  const token = cookie.token === undefined ? '' : `<token value="${encodeURIComponent(cookie.token)}" />`;
  const inner = percentEncodeLower(`<cookie page="${cookie.page - 1}">${edgesXml}${token}</cookie>`);
  const tracking = cookie.tracking ? 'True' : 'False';
  const outer = `<cookie pagenumber="${cookie.page}" pagingcookie="${inner}" istracking="${tracking}" />`;
  return outer.replace(/[%<>" ]/g, (char) => encodeURIComponent(char));
}

/** Parses a decoded `$skiptoken`. */
export function parseSkipToken(text: string): PageCookie {
  const page = Number(/\bpagenumber="(\d{1,6})"/.exec(text)?.[1]);
  if (!Number.isInteger(page) || page < 1) throw invalidQuery('The $skiptoken value is malformed.');
  const inner = percentDecode(/\bpagingcookie="([^"]*)"/.exec(text)?.[1] ?? '');
  const token = /<token value="([^"]*)"/.exec(inner)?.[1];
  const tracking = /\bistracking="True"/i.test(text);
  const ids = [...inner.matchAll(/<\w+ last="\{([^"}]*)\}"/g)].map(([, id = '']) => parseGuid(id));
  const lastId = ids.findLast((id) => id !== undefined);
  return { page, tracking, lastId, token: token === undefined ? undefined : percentDecode(token) };
}

/** The URL of the request with other query options, for `@odata.nextLink` and `@odata.deltaLink`. */
export function buildLink(
  url: string,
  options: ODataQueryOptions,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const unchanged = options.raw.filter((pair) => !(percentDecode(pair.split('=')[0] ?? '') in changes));
  const added = Object.entries(changes).flatMap(([name, text]) =>
    text === undefined ? [] : `${name}=${text}`,
  );
  return `${url}?${[...unchanged, ...added].join('&')}`;
}

function braced(id: string): string {
  return `{${id.toUpperCase()}}`;
}

/** Percent-encodes with lowercase hexadecimal digits, as in Dataverse's cookies. */
export function percentEncodeLower(text: string): string {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
