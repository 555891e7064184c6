import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from 'dynamics365-connector';
import type { FaultEffect } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { injectFault } from '../faults/inject-fault.ts';
import { type AdminCommands, handleAdminRequest, isAdminRequest } from './admin.ts';
import type { RequestHandler } from './listen.ts';

/** What the authority's listener works with. */
export interface AuthorityHandlerOptions {
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly handle: RequestHandler;
  readonly admin: { readonly secret: string; readonly commands: AdminCommands };
}

/** Puts faults on demand and orders from outside in front of the authority. */
export function createAuthorityHandler({
  clock,
  faults,
  handle,
  admin,
}: AuthorityHandlerOptions): RequestHandler {
  return async (request, response) => {
    if (isAdminRequest(request)) return handleAdminRequest(admin, request, response);
    const fault = faults.take({ method: request.method ?? '', target: request.url ?? '' });
    if (!fault) return handle(request, response);
    return injectFault({ fault, clock, handle: handle, sendStatusFault }, request, response);
  };
}

function sendStatusFault(
  fault: Extract<FaultEffect, { kind: 'status' }>,
  _request: IncomingMessage,
  response: ServerResponse,
): void {
  const retryAfterSeconds = fault.retryAfterSeconds;
  response.writeHead(fault.status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) }),
  });
  const defaultBody = {
    error: 'temporarily_unavailable',
    error_description: fault.message ?? 'A transient error occurred.',
  };
  response.end(JSON.stringify(fault.body ?? defaultBody));
}
