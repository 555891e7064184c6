import { ConnectorError } from '../errors/connector-error.ts';
import { isLoopbackHost } from '../model/loopback.ts';

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

function isBelow(path: string, basePath: string): boolean {
  // An encoded slash is data here, but the server may treat it as a separator and leave the base path.
  if (/%2f|%5c/i.test(path)) return false;
  const base = basePath.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
}

// The message does not contain the link, because its path and query may contain row values or untrusted text.
function throwOriginRefused(why: string): never {
  throw new ConnectorError('ORIGIN_REFUSED', `A link ${why}; nothing was sent.`);
}
