import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/base';
import type { ExchangeRecorder, RecordedExchanges } from '../exchanges/exchange-log.ts';
import type { FaultEffect } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { type DelayableHandler, type FaultInjection, injectFault } from '../faults/inject-fault.ts';
import type { LimitExceeded, RequestLimiter, RequestPermit } from '../limits/limiter.ts';
import type { Random } from '../random.ts';
import { createErrorResponse } from '../web-api/error-response.ts';
import type { Caller, WebApiRequest, WebApiResponse } from '../web-api/types.ts';
import { type AdminCommands, handleAdminRequest, isAdminRequest } from './admin.ts';
import { corsHeaders, findPreflightResponse } from './cors.ts';
import type { RequestHandler } from './listen.ts';
import { readBody } from './request-body.ts';
import { type OutgoingResponse, sendResponse } from './send-response.ts';
import type { VerifiedToken } from './verify-token.ts';

/** Options of an organization's listener. */
export interface OrganizationHandlerOptions {
  readonly origin: string;
  readonly organizationId: string;
  /** The clock of this organization. */
  readonly clock: Clock;
  /** Source of request ids and cookies. */
  readonly random: Random;
  readonly limiter: RequestLimiter;
  readonly faults: FaultPlan;
  readonly exchanges: RecordedExchanges;
  /** `http://127.0.0.1:…/{tenant id}/oauth2/authorize`, for the challenge of a 401 response. */
  readonly authorizationUri: string;
  readonly verifyToken: (authorization: string | undefined) => VerifiedToken | undefined;
  /** The member that a request acts as; undefined when there is none. */
  readonly resolveCaller: (token: VerifiedToken, headers: WebApiRequest['headers']) => Caller | undefined;
  /** Processes a request. `commitDelayMs`: what it writes becomes visible this much later. */
  readonly handle: (
    request: WebApiRequest,
    commitDelayMs: number | undefined,
  ) => WebApiResponse | Promise<WebApiResponse>;
  readonly admin: { readonly secret: string; readonly commands: AdminCommands };
}

/** Serves an organization over HTTP: admin commands, faults, token, membership, limits, then the Web API. */
export function createOrganizationHandler(options: OrganizationHandlerOptions): RequestHandler {
  const { clock, random, faults, exchanges, admin, organizationId } = options;
  const serve = async (request: IncomingMessage, response: ServerResponse, recorder: ExchangeRecorder) => {
    const send = (to: ServerResponse, outgoing: OutgoingResponse) => {
      const headers = { ...corsHeaders(request), ...outgoing.headers };
      sendResponse(request, to, { ...outgoing, headers, now: clock.now(), random, organizationId });
      recorder.respond(to, outgoing.body);
    };
    const handle: DelayableHandler = async (_request, to, commitDelayMs) =>
      send(to, await respond(options, request, { commitDelayMs, recorder }));
    const preflight = findPreflightResponse(request);
    if (preflight) return send(response, preflight);
    const fault = faults.take({ method: request.method ?? '', target: request.url ?? '' });
    if (!fault) return handle(request, response);
    recorder.fault = fault.kind;
    const sendStatusFault: FaultInjection['sendStatusFault'] = (status) =>
      send(response, faultResponse(options, status));
    return injectFault({ fault, clock, handle, sendStatusFault }, request, response);
  };
  return async (request, response) => {
    if (isAdminRequest(request)) return handleAdminRequest(admin, request, response);
    const recorder = exchanges.start(request);
    try {
      await serve(request, response, recorder);
    } finally {
      recorder.end(response);
    }
  };
}

/** A request while it is served. */
interface ServedRequest {
  readonly commitDelayMs: number | undefined;
  readonly recorder: ExchangeRecorder;
}

async function respond(
  options: OrganizationHandlerOptions,
  request: IncomingMessage,
  served: ServedRequest,
): Promise<OutgoingResponse> {
  const target = request.url ?? '/';
  if (!/^\/+api\//.test(target))
    return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' };
  const token = options.verifyToken(request.headers.authorization);
  if (!token) return unauthorizedResponse(options);
  const headers = joinHeaders(request);
  const caller = options.resolveCaller(token, headers);
  if (!caller) return createErrorResponse(403, '0x80072560', 'The user is not a member of the organization.');
  const { userId } = caller;
  served.recorder.caller = { userId, impersonatorId: caller.delegate?.userId, clientId: token.clientId };
  const permit = options.limiter.acquire(userId);
  if ('code' in permit) return throttledResponse(permit);
  try {
    return await forwardToWebApi(options, request, { ...served, caller, headers, target, permit });
  } finally {
    permit.release();
  }
}

interface PermittedRequest extends ServedRequest {
  readonly caller: Caller;
  readonly headers: Record<string, string>;
  readonly target: string;
  readonly permit: RequestPermit;
}

async function forwardToWebApi(
  options: OrganizationHandlerOptions,
  request: IncomingMessage,
  { caller, headers, target, commitDelayMs, recorder, permit }: PermittedRequest,
): Promise<OutgoingResponse> {
  const body = await readBody(request);
  if (!body) return createErrorResponse(413, '0x80048d1a', 'The request body is larger than the limit.');
  recorder.requestBody = body;
  const method = (request.method ?? 'GET').toUpperCase();
  const result = await options.handle({ method, target, headers, body, caller }, commitDelayMs);
  return { ...result, headers: { ...permit.headers, ...result.headers } };
}

function unauthorizedResponse({ authorizationUri, origin }: OrganizationHandlerOptions): OutgoingResponse {
  return {
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer authorization_uri=${authorizationUri}, resource_id=${origin}/`,
      'Content-Type': 'text/html',
    },
    body: 'HTTP Error 401 - Unauthorized: Access is denied',
  };
}

function throttledResponse({ code, message, retryAfterSeconds }: LimitExceeded): OutgoingResponse {
  const result = createErrorResponse(429, code, message);
  return { ...result, headers: { ...result.headers, 'Retry-After': String(retryAfterSeconds) } };
}

function faultResponse(
  options: OrganizationHandlerOptions,
  fault: Extract<FaultEffect, { kind: 'status' }>,
): OutgoingResponse {
  const defaultResponse =
    fault.status === 401
      ? unauthorizedResponse(options)
      : createErrorResponse(
          fault.status,
          fault.code ?? (fault.status === 429 ? '0x80072322' : '0x80040216'),
          fault.message ??
            (fault.status === 429
              ? 'Number of requests exceeded the limit.'
              : 'An unexpected error occurred.'),
        );
  const { retryAfterSeconds } = fault;
  const headers = omitUndefined({
    ...defaultResponse.headers,
    'Retry-After': retryAfterSeconds?.toString(),
  });
  return {
    status: fault.status,
    headers,
    body: fault.body ? JSON.stringify(fault.body) : (defaultResponse.body ?? ''),
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
