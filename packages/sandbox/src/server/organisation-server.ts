import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from 'dynamics365-connector';
import type { Harm } from '../faults/fault.ts';
import { serveWithHarm } from '../faults/inject.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Admission, Limits, Throttle } from '../limits/limits.ts';
import type { Caller, OrgRequest, OrgResponse } from '../protocol/types.ts';
import { type AdminCommands, handleAdmin, isAdminRequest } from './admin.ts';
import { readBody } from './body.ts';
import type { Handle } from './listen.ts';
import { type Answer, errorAnswer, send } from './send.ts';
import type { TokenFacts } from './token-check.ts';

/** What one organisation's listener works with. */
export interface OrganisationServerOptions {
  readonly origin: string;
  /** The organisation's own clock. */
  readonly clock: Clock;
  readonly limits: Limits;
  readonly faults: FaultPlan;
  /** `http://127.0.0.1:…/{tenant id}/oauth2/authorize`: where a 401 sends people. */
  readonly authorizationUri: string;
  readonly checkToken: (authorization: string | undefined) => TokenFacts | undefined;
  /** The member that a request acts as; undefined when there is none. */
  readonly findCaller: (token: TokenFacts, headers: OrgRequest['headers']) => Caller | undefined;
  /** Does the work. `lateMs`: what it writes becomes visible so much later. */
  readonly handle: (request: OrgRequest, lateMs: number | undefined) => OrgResponse | Promise<OrgResponse>;
  readonly admin: { readonly secret: string; readonly commands: AdminCommands };
}

/** Serves an organisation over HTTP: faults, tokens, membership, limits, then the Web API itself. */
export function organisationServer(options: OrganisationServerOptions): Handle {
  const { clock, faults, admin } = options;
  const work = async (request: IncomingMessage, response: ServerResponse, lateMs?: number) => {
    const answer = await answerRequest(options, request, lateMs);
    send(request, response, { ...answer, now: clock.now() });
  };
  const answerStatus = (
    harm: Extract<Harm, { kind: 'status' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ) => send(request, response, { ...faultAnswer(options, harm), now: clock.now() });
  return async (request, response) => {
    if (isAdminRequest(request)) return handleAdmin(admin, request, response);
    const harm = faults.take({ method: request.method ?? '', target: request.url ?? '' });
    if (!harm) return work(request, response);
    return serveWithHarm({ harm, clock, work, answerStatus }, request, response);
  };
}

async function answerRequest(
  options: OrganisationServerOptions,
  request: IncomingMessage,
  lateMs: number | undefined,
): Promise<Answer> {
  const target = request.url ?? '/';
  if (!target.startsWith('/api/'))
    return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' };
  const token = options.checkToken(request.headers.authorization);
  if (!token) return unauthorized(options);
  const headers = joinHeaders(request);
  const caller = options.findCaller(token, headers);
  if (!caller) return errorAnswer(403, '0x80072560', 'The user is not a member of the organization.');
  const entry = options.limits.enter(caller.userId);
  if ('code' in entry) return throttled(entry);
  try {
    return await carryOut(options, request, { caller, headers, target, lateMs, entry });
  } finally {
    entry.leave();
  }
}

interface Admitted {
  readonly caller: Caller;
  readonly headers: Record<string, string>;
  readonly target: string;
  readonly lateMs: number | undefined;
  readonly entry: Admission;
}

async function carryOut(
  options: OrganisationServerOptions,
  request: IncomingMessage,
  { caller, headers, target, lateMs, entry }: Admitted,
): Promise<Answer> {
  const body = await readBody(request);
  if (!body) return errorAnswer(413, '0x80048d1a', 'The request body is larger than the limit.');
  const method = (request.method ?? 'GET').toUpperCase();
  const answer = await options.handle({ method, target, headers, body, caller }, lateMs);
  return { ...answer, headers: { ...entry.headers, ...answer.headers } };
}

function unauthorized({ authorizationUri, origin }: OrganisationServerOptions): Answer {
  return {
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer authorization_uri=${authorizationUri}, resource_id=${origin}/`,
      'Content-Type': 'text/html',
    },
    body: 'HTTP Error 401 - Unauthorized: Access is denied',
  };
}

function throttled({ code, message, retryAfterSeconds }: Throttle): Answer {
  const answer = errorAnswer(429, code, message);
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfterSeconds) } };
}

function faultAnswer(options: OrganisationServerOptions, harm: Extract<Harm, { kind: 'status' }>): Answer {
  const usual =
    harm.status === 401
      ? unauthorized(options)
      : errorAnswer(
          harm.status,
          harm.code ?? (harm.status === 429 ? '0x80072322' : '0x80040216'),
          harm.message ??
            (harm.status === 429
              ? 'Number of requests exceeded the limit.'
              : 'An unexpected error occurred.'),
        );
  const wait: Record<string, string> =
    harm.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(harm.retryAfterSeconds) };
  return {
    status: harm.status,
    headers: { ...usual.headers, ...wait },
    body: harm.body ? JSON.stringify(harm.body) : (usual.body ?? ''),
  };
}

/** Lower-case names; repeated headers joined with ", ". */
function joinHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct).map(([name, values]) => [
    name,
    values?.join(', ') ?? '',
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
