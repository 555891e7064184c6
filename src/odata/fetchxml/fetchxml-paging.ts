import { ConnectorError } from '../../errors/connector-error.ts';
import type { ODataPage } from '../read-page.ts';
import { fetchXmlCookieAnnotation } from '../row-annotations.ts';
import { escapeXml } from './escape-xml.ts';

/** The next page of a FetchXML query, from the annotation `@Microsoft.Dynamics.CRM.fetchxmlpagingcookie`. */
export interface FetchXmlPage {
  readonly page: number;
  /** Opaque XML of Dataverse. */
  readonly cookie: string;
}

/**
 * Reads the annotation of a page: `<cookie pagenumber="2" pagingcookie="%253ccookie…" />`, with the inner cookie
 * percent-encoded twice. Undefined if there is no next page.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function readPagingCookie(annotation: string): FetchXmlPage | undefined {
  const page = Number(/\bpagenumber="(\d{1,9})"/.exec(annotation)?.[1]);
  const encoded = /\bpagingcookie="([^"]*)"/.exec(annotation)?.[1];
  if (!(page > 1) || encoded === undefined) return undefined;
  try {
    return { page, cookie: decodeURIComponent(decodeURIComponent(encoded)) };
  } catch {
    return undefined;
  }
}

/** The page after `page`, or undefined; RESPONSE_INVALID for a page number that does not grow. */
export function nextFetchXmlPage(
  page: ODataPage,
  previous: FetchXmlPage | undefined,
): FetchXmlPage | undefined {
  const next = readPagingCookie(String(page.annotations[`@${fetchXmlCookieAnnotation}`] ?? ''));
  if (next === undefined || next.page > (previous?.page ?? 1)) return next;
  const message = 'Dataverse sent the same FetchXML page twice; reading on would never end.';
  throw new ConnectorError('RESPONSE_INVALID', message);
}

/** Whether a query has a single page: it limits the number of rows with `top`, or aggregates them. */
export function isSinglePage(xml: string): boolean {
  return /\b(?:top|aggregate)\s*=/.test(findRootTag(xml));
}

/** The FetchXML for one page: sets `page` and `paging-cookie` of its root, and `count` if the root has none. */
export function addPaging(xml: string, count: number, page?: FetchXmlPage): string {
  const root = findRootTag(xml);
  const kept = root.replace(/\s(?:page|paging-cookie)\s*=\s*(?:"[^"]*"|'[^']*')/g, '');
  const own = /\bcount\s*=/.test(kept) ? '' : ` count="${count}"`;
  const next = page === undefined ? '' : ` page="${page.page}" paging-cookie="${escapeXml(page.cookie)}"`;
  // Functions, because `$&` in a cookie has a special meaning in a replacement text.
  return xml.replace(root, () => kept.replace(/^<fetch\b/, () => `<fetch${own}${next}`));
}

function findRootTag(xml: string): string {
  return /<fetch\b(?:[^<>"']|"[^"]*"|'[^']*')*>/.exec(xml)?.[0] ?? '';
}
