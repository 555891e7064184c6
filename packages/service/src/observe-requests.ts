import { observeRequest, runtimeOf } from 'dynamics365-connector/host';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ServiceEnv } from './request-context.ts';
import type { ServiceParts } from './service-parts.ts';

/** Tells the telemetry of the connector about each request. */
export function observeRequests({
  connector,
}: Pick<ServiceParts, 'connector'>): MiddlewareHandler<ServiceEnv> {
  const { telemetry } = runtimeOf(connector).services;
  if (telemetry === undefined) return (_context, next) => next();
  return async (context, next) => {
    const { method } = context.req;
    // The last one is the handler; the ones before are middleware, whose paths end with an asterisk.
    const route = matchedRoutes(context).at(-1)?.path ?? '/*';
    const header = (name: string) => context.req.header(name);
    await observeRequest(telemetry, { method, route, header }, async () => {
      await next();
      return context.res;
    });
  };
}
