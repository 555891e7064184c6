import { escapeXml } from './escape-xml.ts';

/** The place after a page of FetchXML: what `@Microsoft.Dynamics.CRM.fetchxmlpagingcookie` says. */
export interface FetchXmlPage {
  readonly page: number;
  /** Dataverse's own XML, opaque. */
  readonly cookie: string;
}

/**
 * Reads the annotation of a page: `<cookie pagenumber="2" pagingcookie="%253ccookie…" />`, the inner cookie
 * percent-encoded twice. Undefined when it is none.
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

/** Does the author's own fetch say how many rows there are to be? Then it is one page. */
export function isSinglePage(xml: string): boolean {
  return /\b(?:top|aggregate)\s*=/.test(findRootTag(xml));
}

/** The fetch for one page: its root gets `page`, `count` and `paging-cookie` in place of its own. */
export function addPaging(xml: string, count: number, page?: FetchXmlPage): string {
  const root = findRootTag(xml);
  const kept = root.replace(/\s(?:page|paging-cookie)\s*=\s*(?:"[^"]*"|'[^']*')/g, '');
  const own = /\bcount\s*=/.test(kept) ? '' : ` count="${count}"`;
  const next = page === undefined ? '' : ` page="${page.page}" paging-cookie="${escapeXml(page.cookie)}"`;
  // Functions, since a cookie may hold `$&`, which means something in a replacement text.
  return xml.replace(root, () => kept.replace(/^<fetch\b/, () => `<fetch${own}${next}`));
}

function findRootTag(xml: string): string {
  return /<fetch\b(?:[^>"']|"[^"]*"|'[^']*')*>/.exec(xml)?.[0] ?? '';
}
