import { randomUUID } from 'node:crypto';
import { describe, EntraRefusal, refusalBody, type Trace } from './entra-refusal.ts';
import type { Provider } from './library.ts';
import type { Lifetimes } from './lifetimes.ts';
import { type LibraryError, translate } from './translate.ts';

/** What an exchange looks like here: the part of a Koa context that is read and changed. */
interface Exchange {
  status: number;
  body: unknown;
  type: string;
  readonly path: string;
  readonly state: Record<string, unknown>;
  get(header: string): string;
  set(header: string, value: string): void;
  redirect(url: string): void;
  readonly response: { get(header: string): string };
}

/** What the manners need to know. */
export interface MannersOptions {
  readonly origin: string;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
}

/** New ids for one exchange; the correlation id is the client's own when it sent one. */
export function traceOf(options: { origin: string; now: () => number }, clientRequestId?: string): Trace {
  return {
    traceId: randomUUID(),
    correlationId: clientRequestId || randomUUID(),
    timestamp: `${new Date(options.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`,
    origin: options.origin,
  };
}

/** Makes the OAuth library answer as Entra does: its error bodies, its device codes, no `iss` in redirects. */
export function teachManners(provider: Provider, options: MannersOptions): void {
  const note = (ctx: { state: unknown }, error: LibraryError) => {
    (ctx.state as Record<string, unknown>).refusal = translate(error);
  };
  provider.on('grant.error', (ctx, error) => {
    // Only a waiting device can get this from the token endpoint, and Entra has a word of its own for it.
    const declined = error.error === 'access_denied';
    note(ctx, declined ? { message: 'authorization_declined' } : error);
  });
  provider.on('authorization.error', note);
  provider.on('device_authorization.error', note);
  provider.on('server_error', (ctx) =>
    note(ctx, new EntraRefusal(90033, 'temporarily_unavailable', 'A transient error has occurred.')),
  );
  provider.on('authorization.success', (_ctx: unknown, out?: { iss?: string }) => {
    if (out) delete out.iss;
  });
  provider.use(async (ctx, next) => {
    await next();
    dress(ctx as unknown as Exchange, options);
  });
}

function dress(exchange: Exchange, options: MannersOptions): void {
  const trace = traceOf(options, exchange.get('client-request-id'));
  exchange.set('x-ms-request-id', trace.traceId);
  const refusal = exchange.state.refusal;
  if (refusal instanceof EntraRefusal) dressRefusal(exchange, refusal, trace);
  else if (exchange.status === 200 && exchange.path === '/oauth2/v2.0/devicecode') {
    dressDeviceCode(exchange, options.lifetimes);
  } else if (exchange.status === 200 && exchange.path === '/oauth2/v2.0/token') {
    const body = exchange.body as { expires_in?: number };
    exchange.body = { ...body, ext_expires_in: body.expires_in };
  }
}

function dressRefusal(exchange: Exchange, refusal: EntraRefusal, trace: Trace): void {
  if (!exchange.path.includes('/authorize')) {
    exchange.status = refusal.status;
    exchange.body = refusalBody(refusal, trace);
    return;
  }
  const location = exchange.response.get('location');
  if (!URL.canParse(location)) return;
  const url = new URL(location);
  // A fragment answer has the same parameters behind the #.
  const params = url.searchParams.has('error') ? url.searchParams : new URLSearchParams(url.hash.slice(1));
  params.delete('iss');
  params.set('error', refusal.error);
  params.set('error_description', describe(refusal, trace));
  if (params !== url.searchParams) url.hash = params.toString();
  exchange.redirect(url.href);
}

function dressDeviceCode(exchange: Exchange, lifetimes: Lifetimes): void {
  const { verification_uri_complete: _, ...body } = exchange.body as Record<string, unknown>;
  exchange.body = {
    ...body,
    interval: lifetimes.devicePollSeconds,
    message: `To sign in, open the page ${body.verification_uri} in a browser and enter the code ${body.user_code}.`,
  };
}
