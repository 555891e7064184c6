import { randomUUID } from 'node:crypto';
import { runAs, runtimeOf } from 'dynamics365-connector/host';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createAddressCheck } from './address-check.ts';
import { consoleKey } from './console/console-parts.ts';
import { createConsolePages } from './console/console-routes.ts';
import { hasConsoleSession } from './console/console-session.ts';
import { allowsConnection, readBearer } from './keys/api-keys.ts';
import { observeRequests } from './observe-requests.ts';
import { ServiceError } from './problem/problem.ts';
import { logUnexpected } from './problem/problem-answer.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { type ServiceEnv, sendProblem } from './request-context.ts';
import { createActionRoutes } from './routes/action-routes.ts';
import { createBulkRoutes } from './routes/bulk-routes.ts';
import { createConnectPages, createConnectSessionRoutes } from './routes/connect-routes.ts';
import { createConnectionRoutes } from './routes/connection-routes.ts';
import { createConnectionDocumentRoutes, createDocumentRoutes } from './routes/document-routes.ts';
import { createEventRoutes } from './routes/event-routes.ts';
import { createListRoutes } from './routes/list-routes.ts';
import { createMcpRoutes } from './routes/mcp-routes.ts';
import { createMirrorRoutes } from './routes/mirror-routes.ts';
import { createHealthRoute, createMetricsRoute } from './routes/operator-routes.ts';
import { createPushRoutes } from './routes/push-routes.ts';
import { createSubscriptionRoutes } from './routes/subscription-routes.ts';
import { createTriggerRoutes } from './routes/trigger-routes.ts';
import type { ServiceParts } from './service-parts.ts';

/** The service as one handler of the Fetch API. */
export type ServiceApp = Hono<ServiceEnv>;

/** Builds the routes. Every answer has a `request-id`; every error is `application/problem+json`. */
export function createApp(parts: ServiceParts): ServiceApp {
  const { log } = runtimeOf(parts.connector).services;
  const checkAddress = createAddressCheck(parts);
  const app = new Hono<ServiceEnv>();
  app.use(observeRequests(parts));
  app.use(measureRequests(parts));
  app.use(async (context, next) => {
    const requestId = randomUUID();
    context.set('requestId', requestId);
    context.set('maxBodyBytes', parts.maxBodyBytes);
    // Set before the answer: a header that is added to an answer costs a copy of it.
    context.header('request-id', requestId);
    const refusal = checkAddress(context.req.header('host'), context.req.header('origin'));
    if (refusal !== undefined) throw refusal;
    await next();
  });
  app.onError((error, context) => {
    logUnexpected(log, error, context.get('requestId'));
    return sendProblem(context, error);
  });
  app.notFound((context) =>
    sendProblem(context, new ServiceError('PATH_UNKNOWN', 'The method or the path is not known.')),
  );
  app.route('/', createHealthRoute(parts));
  app.route('/', createDocumentRoutes(parts));
  app.route('/', createConnectPages(parts));
  if (parts.console !== undefined) app.route('/', createConsolePages(parts, parts.console));
  app.use('/metrics', authenticate(parts)).route('/', createMetricsRoute(parts));
  if (parts.push !== undefined) app.route('/', createPushRoutes(parts.push, parts.mirror));
  app.route('/v1', createApi(parts));
  return app;
}

function measureRequests({ metrics, connector }: ServiceParts): MiddlewareHandler<ServiceEnv> {
  const { clock } = runtimeOf(connector).services;
  return async (context, next) => {
    const startedAt = clock.now();
    await next();
    metrics.requests.add(String(context.res.status));
    metrics.requestDuration.observe((clock.now() - startedAt) / 1000);
  };
}

function authenticate(parts: ServiceParts): MiddlewareHandler<ServiceEnv> {
  const { audit } = runtimeOf(parts.connector).services;
  return async (context, next) => {
    const header = context.req.header('authorization') ?? '';
    const isConsole = header === '' && hasConsoleSession(parts, context);
    const apiKey = isConsole ? consoleKey : await parts.keys.find(readBearer(header));
    if (apiKey === undefined)
      throw new ServiceError('KEY_INVALID', 'The key is missing, unknown or revoked.');
    context.set('apiKey', apiKey);
    await runAs(audit, apiKey.id, next);
  };
}

/** Adds what is left of the requests of the connection's user, also to an error. */
function tellQuota({ clients }: ServiceParts): MiddlewareHandler<ServiceEnv> {
  return async (context, next) => {
    await next();
    const name = context.req.param('connection') ?? '';
    const pooled = allowsConnection(context.get('apiKey'), name) ? clients.opened(name) : undefined;
    if (pooled === undefined) return;
    for (const [header, value] of Object.entries(rateLimitHeaders(pooled.connection)))
      context.header(header, value);
  };
}

function createApi(parts: ServiceParts): Hono<ServiceEnv> {
  const api = new Hono<ServiceEnv>();
  const limit = bodyLimit({
    maxSize: parts.maxBodyBytes,
    onError: () => {
      throw new ServiceError('BODY_TOO_LARGE', `The limit is ${parts.maxBodyBytes} bytes.`);
    },
  });
  api.use(authenticate(parts));
  api.use('/connections/:connection/*', tellQuota(parts));
  api.use('/connections/:connection/mcp', limit);
  api.route('/', createActionRoutes(parts));
  api.route('/', createTriggerRoutes(parts));
  api.route('/', createBulkRoutes(parts));
  api.route('/', createConnectionRoutes(parts));
  api.route('/', createConnectSessionRoutes(parts));
  api.route('/', createConnectionDocumentRoutes(parts));
  api.route('/', createListRoutes(parts));
  api.route('/', createMcpRoutes(parts));
  if (parts.mirror !== undefined) api.route('/', createMirrorRoutes(parts.mirror));
  const { subscriptions, guard, clients, url } = parts;
  if (subscriptions === undefined) return api;
  const running = { subscriptions, guard, clients, url };
  api.route('/', createSubscriptionRoutes(running));
  api.route('/', createEventRoutes(running));
  return api;
}
