import { Hono, type Next } from 'hono';
import { ServiceError } from '../problem/problem.ts';
import type { ServiceContext, ServiceEnv } from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { ConsoleAsset } from './console-assets.ts';
import type { ConsoleParts } from './console-parts.ts';
import { hasConsoleSession, startConsoleSession } from './console-session.ts';
import { lockedPage } from './locked-page.ts';
import { createSandboxRoutes } from './sandbox-routes.ts';

/**
 * The editor writes style elements and shows its marks as data images. Everything else comes from this service, and the
 * pages send nothing to another one.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** `/console`: the pages of the console, for sessions that a one-time link has opened. */
export function createConsolePages(parts: ServiceParts, settings: ConsoleParts): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>()
    .use('/console/*', async (context: ServiceContext, next: Next) => {
      for (const [name, value] of Object.entries(pageHeaders)) context.header(name, value);
      await next();
    })
    .get('/console/open/:token', (context) => {
      const secret = settings.sessions.open(context.req.param('token'));
      if (secret === undefined) return context.html(lockedPage(), 401);
      startConsoleSession(parts, context, secret);
      return context.redirect('/console/', 303);
    })
    .get('/console/assets/:name', async (context) => {
      const asset = (await settings.loadAssets()).get(context.req.param('name'));
      if (asset === undefined) return context.notFound();
      // The name has a hash of the content.
      context.header('cache-control', 'private, max-age=31536000, immutable');
      return sendAsset(context, asset);
    })
    .use('/console/api/*', async (context: ServiceContext, next: Next) => {
      if (!hasConsoleSession(parts, context))
        throw new ServiceError('KEY_INVALID', 'The session of the console has ended.');
      context.header('cache-control', 'no-store');
      await next();
    })
    .get('/console/api/about', (context) => context.json(describeConsole(parts, settings)))
    .route('/console/api/author', createAuthorPart(parts, settings))
    .route('/console/api/sandboxes', createSandboxRoutes(parts))
    .all('/console/api/*', (context) => context.notFound())
    .get('/console', (context) => context.redirect('/console/', 308))
    .get('/console/*', async (context) => {
      if (!hasConsoleSession(parts, context)) return context.html(lockedPage(), 401);
      const page = (await settings.loadAssets()).get('index.html');
      if (page === undefined) return context.notFound();
      context.header('cache-control', 'no-store');
      return sendAsset(context, page);
    });
}

function createAuthorPart(parts: ServiceParts, { author }: ConsoleParts): Hono<ServiceEnv> {
  return author === undefined ? new Hono<ServiceEnv>() : author.createAuthorRoutes(parts, author);
}

function describeConsole({ mirror }: ServiceParts, { author }: ConsoleParts) {
  return {
    ...(author !== undefined && { author: { folder: author.folder } }),
    ...(mirror !== undefined && { mirror: true }),
  };
}

function sendAsset(context: ServiceContext, { contentType, bytes, gzipped }: ConsoleAsset): Response {
  const isGzipped = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
  const encoding: Record<string, string> = isGzipped ? { 'content-encoding': 'gzip' } : {};
  const headers = { 'content-type': contentType, vary: 'accept-encoding', ...encoding };
  return context.body(isGzipped ? gzipped : bytes, 200, headers);
}
