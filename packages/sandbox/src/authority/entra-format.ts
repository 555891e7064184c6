import {
  EntraOAuthError,
  type ErrorTrace,
  entraErrorBody,
  formatErrorDescription,
} from './entra-oauth-error.ts';
import type { Provider } from './oidc-provider.ts';
import type { TokenLifetimes } from './token-lifetimes.ts';
import { type OidcError, toEntraOAuthError } from './translate-error.ts';

/** The part of a Koa context that is read and changed here. */
interface KoaContext {
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

/** What the format depends on. */
export interface EntraFormatOptions {
  readonly origin: string;
  readonly lifetimes: TokenLifetimes;
  readonly now: () => number;
  /** Creates the ids of responses. */
  readonly newId: () => string;
  /** The code that the user enters for a device. */
  readonly userCodeOf: (deviceCode: string) => string | undefined;
}

/** Creates the ids of a response. The correlation id is the client's `client-request-id`, if there is one. */
export function createTrace(
  options: { origin: string; now: () => number; newId: () => string },
  clientRequestId?: string,
): ErrorTrace {
  return {
    traceId: options.newId(),
    correlationId: clientRequestId || options.newId(),
    timestamp: `${new Date(options.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`,
    origin: options.origin,
  };
}

/** Makes the OIDC provider respond as Entra does: error bodies, device codes, no `iss` in redirects. */
export function formatAsEntra(provider: Provider, options: EntraFormatOptions): void {
  const recordError = (ctx: { state: unknown }, error: OidcError) => {
    (ctx.state as Record<string, unknown>).entraError = toEntraOAuthError(error);
  };
  provider.on('grant.error', (ctx, error) => {
    // At the token endpoint only the device code grant gets this error, and Entra has its own code for it.
    const declined = error.error === 'access_denied';
    recordError(ctx, declined ? { message: 'authorization_declined' } : error);
  });
  provider.on('authorization.error', recordError);
  provider.on('device_authorization.error', recordError);
  provider.on('server_error', (ctx) =>
    recordError(
      ctx,
      new EntraOAuthError(90033, 'temporarily_unavailable', 'A transient error has occurred.'),
    ),
  );
  provider.on('authorization.success', (_ctx: unknown, out?: { iss?: string }) => {
    if (out) delete out.iss;
  });
  provider.use(async (ctx, next) => {
    await next();
    formatResponse(ctx as unknown as KoaContext, options);
  });
}

function formatResponse(context: KoaContext, options: EntraFormatOptions): void {
  const trace = createTrace(options, context.get('client-request-id'));
  context.set('x-ms-request-id', trace.traceId);
  const error = context.state.entraError;
  if (error instanceof EntraOAuthError) formatErrorResponse(context, error, trace);
  else if (context.status === 200 && context.path === '/oauth2/v2.0/devicecode') {
    formatDeviceCodeResponse(context, options);
  } else if (context.status === 200 && context.path === '/oauth2/v2.0/token') {
    const body = context.body as { expires_in?: number };
    context.body = { ...body, ext_expires_in: body.expires_in };
  }
}

function formatErrorResponse(context: KoaContext, error: EntraOAuthError, trace: ErrorTrace): void {
  if (!context.path.includes('/authorize')) {
    context.status = error.status;
    context.body = entraErrorBody(error, trace);
    return;
  }
  const location = context.response.get('location');
  if (!URL.canParse(location)) return;
  const url = new URL(location);
  // With response_mode=fragment, the parameters are in the fragment.
  const params = url.searchParams.has('error') ? url.searchParams : new URLSearchParams(url.hash.slice(1));
  params.delete('iss');
  params.set('error', error.error);
  params.set('error_description', formatErrorDescription(error, trace));
  if (params !== url.searchParams) url.hash = params.toString();
  context.redirect(url.href);
}

function formatDeviceCodeResponse(
  context: KoaContext,
  { lifetimes, userCodeOf }: Pick<EntraFormatOptions, 'lifetimes' | 'userCodeOf'>,
): void {
  const { verification_uri_complete: _, ...body } = context.body as Record<string, unknown>;
  const userCode = userCodeOf(String(body.device_code));
  context.body = {
    ...body,
    user_code: userCode,
    interval: lifetimes.devicePollSeconds,
    message: `To sign in, open the page ${body.verification_uri} in a browser and enter the code ${userCode}.`,
  };
}
