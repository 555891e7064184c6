import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from 'dynamics365-connector';
import type { FaultEffect } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { injectFault } from '../faults/inject-fault.ts';
import { type AdminCommands, handleAdminRequest, isAdminRequest } from './admin.ts';
import type { RequestHandler } from './listen.ts';

/** Options of the authority's listener. */
export interface AuthorityHandlerOptions {
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly handle: RequestHandler;
  readonly admin: { readonly secret: string; readonly commands: AdminCommands };
}

/** Serves the authority over HTTP: admin commands, then injected faults, then the authority itself. */
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
    return injectFault({ fault, clock, handle, sendStatusFault }, request, response);
  };
}

function sendStatusFault(
  fault: Extract<FaultEffect, { kind: 'status' }>,
  _request: IncomingMessage,
  response: ServerResponse,
): void {
  const { status, retryAfterSeconds } = fault;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  response.writeHead(status, { 'content-type': 'application/json' });
  const defaultBody = {
    error: 'temporarily_unavailable',
    error_description: fault.message ?? 'A transient error occurred.',
  };
  response.end(JSON.stringify(fault.body ?? defaultBody));
}
