import { ConnectorError } from '../errors/connector-error.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The one gate through which every URL passes before a token goes with it: the first request, next and delta
 * links, `Location` and `OData-EntityId`. Answers the normalized URL, which is what must be sent; throws
 * ORIGIN_REFUSED for anything but https on the connection's own origin (as `URL.origin` writes it), below the
 * API's base path. Plain http passes only where the origin itself is loopback (the sandbox).
 */
export function assertSameOrigin(origin: string, basePath: string, link: string): URL {
  const url = URL.parse(link, origin) ?? throwOriginRefused('is not a URL');
  if (url.username !== '' || url.password !== '') throwOriginRefused('carries a user name');
  if (url.origin !== origin) throwOriginRefused(`points to ${url.origin} instead of ${origin}`);
  if (url.protocol !== 'https:' && !loopback.has(url.hostname)) throwOriginRefused('does not use https');
  if (!isBelow(url.pathname, basePath)) throwOriginRefused(`leaves ${origin}${basePath}`);
  // Writing it parses the URL once more. An empty fragment is none to `hash`, and stands in `href` all the same.
  if (url.href.includes('#')) url.hash = '';
  return url;
}

function isBelow(path: string, basePath: string): boolean {
  // An encoded slash is data to us but may be a separator to the server, which then climbs out of the base.
  if (/%2f|%5c/i.test(path)) return false;
  const base = basePath.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
}

// The link itself stays out of the message: its path and query may hold row values, or a stranger's text.
function throwOriginRefused(why: string): never {
  throw new ConnectorError('ORIGIN_REFUSED', `A link ${why}; nothing was sent.`);
}
