import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import { requireOperation, runAs, runtimeOf } from 'dynamics365-connector/host';
import { createAddressCheck } from './address-check.ts';
import type { PooledConnection } from './client-pool.ts';
import { hangUpOf } from './hang-up.ts';
import { type ApiKey, allowsConnection, readBearer } from './keys/api-keys.ts';
import { scopeOfEffects } from './keys/scopes.ts';
import { ServiceError } from './problem/problem.ts';
import { type JsonAnswer, logUnexpected, resultAnswer, toAnswer } from './problem/problem-answer.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { parseBody } from './request-body.ts';
import type { ServiceParts } from './service-parts.ts';

/** A request of an action that nothing speaks against. */
interface AdmittedCall {
  readonly action: ActionDefinition;
  readonly apiKey: ApiKey;
  readonly pooled: PooledConnection;
}

/**
 * Answers the ordinary request of an action without a Request and a Response of the Fetch API, which cost as much as the
 * action: a short JSON body, and no header that changes how the action runs. Any other request, also one that is
 * refused, goes to `next`, which answers ordinary ones in the same way.
 */
export function createDirectActions(parts: ServiceParts, next: RequestListener): RequestListener {
  const { definition, services } = runtimeOf(parts.connector);
  const { telemetry, clock } = services;
  if (telemetry !== undefined) return next;
  const checkAddress = createAddressCheck(parts);
  const maxBytes = Math.min(maxDirectBytes, parts.maxBodyBytes);
  const admit = async (incoming: IncomingMessage, path: ActionPath): Promise<AdmittedCall | undefined> => {
    const { host, origin, authorization } = incoming.headers;
    if (!Object.hasOwn(definition.actions, path.action) || checkAddress(host, origin)) return undefined;
    const action = requireOperation('action', definition.actions, path.action);
    const apiKey = await parts.keys.find(readBearer(authorization));
    if (apiKey === undefined || !allowsConnection(apiKey, path.connection)) return undefined;
    if (!apiKey.scopes.includes(scopeOfEffects(action.effects))) return undefined;
    return { action, apiKey, pooled: await parts.clients.open(path.connection) };
  };
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse, path: ActionPath) => {
    const startedAt = clock.now();
    const call = await admit(incoming, path).catch(() => undefined);
    if (call === undefined) return next(incoming, outgoing);
    const requestId = randomUUID();
    const { status, body, headers } = await run(parts, call, { incoming, outgoing }).catch(
      (error: unknown) => {
        logUnexpected(services.log, error, requestId);
        return toAnswer(error, requestId);
      },
    );
    parts.metrics.requests.add(String(status));
    parts.metrics.requestDuration.observe((clock.now() - startedAt) / 1000);
    outgoing.writeHead(status, {
      ...headers,
      'request-id': requestId,
      ...rateLimitHeaders(call.pooled.connection),
      'content-length': Buffer.byteLength(body),
    });
    outgoing.end(body);
  };
  return (incoming, outgoing) => {
    const path = readPath(incoming, maxBytes);
    if (path === undefined) next(incoming, outgoing);
    else void answer(incoming, outgoing, path);
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function run(
  { connector }: ServiceParts,
  { action, apiKey, pooled }: AdmittedCall,
  { incoming, outgoing }: Exchange,
): Promise<JsonAnswer> {
  const { audit } = runtimeOf(connector).services;
  const input = parseBody(await readText(incoming));
  const signal = hangUpOf(outgoing);
  const call = (given: JsonObject) => pooled.client.run(action.id, given, { signal });
  return resultAnswer(await runAs(audit, apiKey.id, () => call(input)));
}

interface ActionPath {
  readonly connection: string;
  readonly action: string;
}

const pathPattern = /^\/v1\/connections\/([\w.@-]{1,64})\/actions\/([a-z0-9.-]{1,100})$/;
/** Larger bodies are read with a limit, by `next`. */
const maxDirectBytes = 65_536;
/** Headers that change how an action runs or answers. */
const specialHeaders = ['idempotency-key', 'if-match', 'transfer-encoding', 'cookie'];

/** Connection and action of an ordinary request. */
function readPath({ method, url = '', headers }: IncomingMessage, maxBytes: number): ActionPath | undefined {
  if (method !== 'POST' || specialHeaders.some((name) => headers[name] !== undefined)) return undefined;
  if (headers.accept?.includes('ndjson') || !(Number(headers['content-length'] ?? 0) <= maxBytes))
    return undefined;
  const [, connection, action] = pathPattern.exec(url) ?? [];
  return connection === undefined || action === undefined ? undefined : { connection, action };
}

/** The body, which has the length that its header says. An empty body is `{}`. @throws BODY_INVALID */
function readText(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    const fail = (detail: string) => reject(new ServiceError('BODY_INVALID', detail));
    const failWithoutEnd = () => {
      if (!incoming.readableEnded) fail('The body has no end.');
    };
    if (incoming.destroyed) failWithoutEnd();
    incoming.on('close', failWithoutEnd);
    incoming.on('end', () => {
      const [first = Buffer.alloc(0)] = chunks;
      const bytes = chunks.length > 1 ? Buffer.concat(chunks) : first;
      if (isUtf8(bytes)) resolve(bytes.length === 0 ? '{}' : bytes.toString());
      else fail('The body is not UTF-8.');
    });
  });
}
