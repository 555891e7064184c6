import { createHash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, Next } from 'hono';
import { unknownConnection } from './client-pool.ts';
import { hangUpOf } from './hang-up.ts';
import { type ApiKey, allowsConnection } from './keys/api-keys.ts';
import type { Scope } from './keys/scopes.ts';
import { ServiceError } from './problem/problem.ts';
import { toAnswer } from './problem/problem-answer.ts';

/** What the middleware knows of a request. */
export interface ServiceEnv {
  /** The request and response of Node.js; absent where the app is called without a server. */
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    readonly maxBodyBytes: number;
    readonly requestId: string;
    /** Set below /v1. */
    readonly apiKey: ApiKey;
  };
}

export type ServiceContext = Context<ServiceEnv>;

/** @throws SCOPE_MISSING if the API key does not have the scope. */
export function requireScope(context: ServiceContext, scope: Scope): void {
  if (context.get('apiKey').scopes.includes(scope)) return;
  throw new ServiceError('SCOPE_MISSING', `This request needs the scope "${scope}".`);
}

/** Middleware of the paths of subscriptions. */
export async function requireTriggers(context: ServiceContext, next: Next): Promise<void> {
  requireScope(context, 'triggers');
  await next();
}

/** The connection in the path. @throws CONNECTION_UNKNOWN if the API key may not use it. */
export function requireConnectionName(context: ServiceContext): string {
  const name = context.req.param('connection') ?? '';
  return assertConnectionAllowed(context, name);
}

/** @throws CONNECTION_UNKNOWN, the same as for a connection that does not exist. */
export function assertConnectionAllowed(context: ServiceContext, name: string): string {
  if (!allowsConnection(context.get('apiKey'), name)) throw unknownConnection(name);
  return name;
}

/** Aborts when the caller hangs up before the answer is sent. */
export function hangUpSignal(context: ServiceContext): AbortSignal {
  const outgoing = context.env?.outgoing;
  return outgoing === undefined ? context.req.raw.signal : hangUpOf(outgoing);
}

/** Answers with a problem. */
export function sendProblem(context: ServiceContext, error: unknown): Response {
  const { status, body, headers } = toAnswer(error, context.get('requestId'));
  return context.body(body, status as 200, { ...headers });
}

/** Answers with JSON that is a text already: a result or a problem. */
export function sendJson(
  context: ServiceContext,
  { status, body }: { readonly status: number; readonly body: string },
): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return context.body(body, status as 200, { 'content-type': type });
}

/** A short name for the caller and a connection, under which its idempotency keys are its own. */
export function ownerOf(context: ServiceContext, connection: string): string {
  return createHash('sha256')
    .update(`${context.get('apiKey').id}\n${connection}`)
    .digest('base64url');
}
