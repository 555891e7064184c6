import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from 'dynamics365-connector';
import type { Harm } from '../faults/fault.ts';
import { serveWithHarm } from '../faults/inject.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { type AdminCommands, handleAdmin, isAdminRequest } from './admin.ts';
import type { Handle } from './listen.ts';

/** What the authority's listener works with. */
export interface AuthorityServerOptions {
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly handle: Handle;
  readonly admin: { readonly secret: string; readonly commands: AdminCommands };
}

/** Puts faults on demand and orders from outside in front of the authority. */
export function authorityServer({ clock, faults, handle, admin }: AuthorityServerOptions): Handle {
  return async (request, response) => {
    if (isAdminRequest(request)) return handleAdmin(admin, request, response);
    const harm = faults.take({ method: request.method ?? '', target: request.url ?? '' });
    if (!harm) return handle(request, response);
    return serveWithHarm({ harm, clock, work: handle, answerStatus }, request, response);
  };
}

function answerStatus(
  harm: Extract<Harm, { kind: 'status' }>,
  _request: IncomingMessage,
  response: ServerResponse,
): void {
  const wait = harm.retryAfterSeconds;
  response.writeHead(harm.status, {
    'content-type': 'application/json',
    ...(wait === undefined ? undefined : { 'retry-after': String(wait) }),
  });
  const usual = {
    error: 'temporarily_unavailable',
    error_description: harm.message ?? 'A transient error occurred.',
  };
  response.end(JSON.stringify(harm.body ?? usual));
}
