import { getCookie, setCookie } from 'hono/cookie';
import type { ServiceContext } from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';

/** Cookies are shared by all ports of a host, so the name has the port: two consoles do not end each other's session. */
const cookieName = ({ url }: ServiceParts) => `d365-console-${new URL(url).port || 'default'}`;

/** Whether a request comes from a page of the console. */
export function hasConsoleSession(parts: ServiceParts, context: ServiceContext): boolean {
  if (parts.console === undefined || isForeignPage(context)) return false;
  const secret = getCookie(context, cookieName(parts));
  return secret !== undefined && parts.console.sessions.has(secret);
}

/** Browsers say where a request comes from; another port of this machine is another site to us, and not to cookies. */
function isForeignPage(context: ServiceContext): boolean {
  const site = context.req.header('sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

export function startConsoleSession(parts: ServiceParts, context: ServiceContext, secret: string): void {
  setCookie(context, cookieName(parts), secret, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: parts.url.startsWith('https:'),
  });
}
