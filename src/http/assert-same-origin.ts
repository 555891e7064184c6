import { ConnectorError } from '../errors/connector-error.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import { trimEnd } from '../model/trim-end.ts';

/**
 * Checks a URL before an access token is sent to it: the first request, next and delta links, `Location` and
 * `OData-EntityId`. Returns the normalized URL, which is the one to send. Throws ORIGIN_REFUSED unless the URL uses
 * https, has the connection's own origin (in the form of `URL.origin`) and is below the API's base path. Plain http is
 * allowed only if the origin is a loopback address (the sandbox).
 */
export function assertSameOrigin(origin: string, basePath: string, link: string): URL {
  const url = URL.parse(link, origin) ?? throwOriginRefused('is not a URL');
  if (url.username !== '' || url.password !== '') throwOriginRefused('contains a user name');
  if (url.origin !== origin) throwOriginRefused(`points to ${url.origin} instead of ${origin}`);
  if (url.protocol !== 'https:' && !isLoopbackHost(url.hostname)) throwOriginRefused('does not use https');
  if (!isBelow(url.pathname, basePath)) throwOriginRefused(`is not below ${origin}${basePath}`);
  // `hash` is empty for an empty fragment, but `href` contains it. Setting `hash` parses the URL again, so only if needed.
  if (url.href.includes('#')) url.hash = '';
  return url;
}

/**
 * Creates the same check for the URLs of one connection. A URL that begins with the base URL and has nothing that a parser
 * would change needs no parser.
 */
export function createUrlGuard(origin: string, basePath: string): (link: string) => string {
  const prefix = `${origin}${trimEnd(basePath, '/')}/`;
  const isSafe = assertSameOrigin(origin, basePath, prefix).href === prefix;
  // Most requests have the query of the last one: the columns of a table.
  let lastQuery = '';
  const isPlainQuery = (query: string) => {
    if (query !== lastQuery && !plainQuery.test(query)) return false;
    lastQuery = query;
    return true;
  };
  const isPlain = (link: string) => {
    const end = link.indexOf('?', prefix.length);
    const path = link.slice(prefix.length, end < 0 ? undefined : end);
    return (simplePath.test(path) || plainPath.test(path)) && (end < 0 || isPlainQuery(link.slice(end + 1)));
  };
  return (link) =>
    isSafe && link.startsWith(prefix) && isPlain(link) ? link : assertSameOrigin(origin, basePath, link).href;
}

// What every parser of URLs keeps: no dot segments, no encoded slashes, no character that has to be encoded.

const simplePath = /^[A-Za-z0-9_$()',=-]*$/;
const plainPath = /^(?!\.)(?:[A-Za-z0-9_$()',=@!*~:;-]|\.|\/(?![./])|%(?!2[EFef]|5[Cc]))*$/;
const plainQuery = /^[A-Za-z0-9_$().,&=@!*~:;?%/-]*$/;

function isBelow(path: string, basePath: string): boolean {
  // An encoded slash is data here, but the server may treat it as a separator and leave the base path.
  if (/%2f|%5c/i.test(path)) return false;
  const base = trimEnd(basePath, '/');
  return path === base || path.startsWith(`${base}/`);
}

// The message does not contain the link, because its path and query may contain row values or untrusted text.
function throwOriginRefused(why: string): never {
  throw new ConnectorError('ORIGIN_REFUSED', `A link ${why}; nothing was sent.`);
}
