import { createHash, randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse, HttpSender } from '../../../src/model/http.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const otherTenant = '22222222-2222-4222-8222-222222222222';
export const clientId = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
export const origin = 'https://contoso.crm4.dynamics.com';
export const scopes = ['openid', 'profile', 'offline_access', `${origin}/user_impersonation`];

export type Form = Readonly<Record<string, string>>;
export type ScriptedResponse = { readonly status: number; readonly body: unknown; readonly type?: string };

/** A sign-in authority in memory. `requests` contains all requests, also those to other hosts. */
export interface ScriptedAuthority {
  readonly send: HttpSender;
  readonly requests: HttpRequest[];
  /** The forms of all token requests. */
  readonly forms: Form[];
  /** Signs in like a browser, and returns the callback URL. */
  signIn(url: string): string;
  /** Claims that replace those of the next id tokens. */
  idClaims: Record<string, unknown>;
  /** Replaces the response of the token endpoint if it returns one. */
  intercept:
    | ((form: Form) => ScriptedResponse | undefined | Promise<ScriptedResponse | undefined>)
    | undefined;
  /** Lifetime of access tokens in seconds. */
  expiresIn: number;
  /** A refresh token is revoked when it is used, and using a revoked one revokes all (reuse detection). */
  strictReuse: boolean;
}

export function createScriptedAuthority(
  login = 'https://login.microsoftonline.com',
  issuer = login,
): ScriptedAuthority {
  const codes = new Map<string, URLSearchParams>();
  const validTokens = new Set<string>();
  const revokedTokens = new Set<string>();
  const authority: ScriptedAuthority = {
    requests: [],
    forms: [],
    idClaims: {},
    intercept: undefined,
    expiresIn: 3600,
    strictReuse: false,
    signIn(url) {
      const query = new URL(url).searchParams;
      const code = `code-${randomUUID()}`;
      codes.set(code, query);
      const callback = new URL(query.get('redirect_uri')!);
      callback.searchParams.set('code', code);
      callback.searchParams.set('state', query.get('state')!);
      callback.searchParams.set('session_state', randomUUID());
      return callback.href;
    },
    async send(request) {
      authority.requests.push(request);
      const url = new URL(request.url);
      if (url.origin !== login || !url.pathname.endsWith('/oauth2/v2.0/token'))
        return respond({ status: 404, body: {} });
      const form = Object.fromEntries(new URLSearchParams(String(request.body)));
      authority.forms.push(form);
      return respond((await authority.intercept?.(form)) ?? grant(form));
    },
  };

  function grant(form: Form): ScriptedResponse {
    switch (form.grant_type) {
      case 'authorization_code':
        return redeem(form);
      case 'refresh_token':
        return refresh(form);
      default:
        return tokens({ nonce: undefined, refresh: false, scope: form.scope });
    }
  }

  function redeem(form: Form): ScriptedResponse {
    const authorizeQuery = codes.get(form.code ?? '');
    codes.delete(form.code ?? '');
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url');
    if (authorizeQuery === undefined)
      return entraError('invalid_grant', 'AADSTS70008: The provided authorization code has expired.');
    if (authorizeQuery.get('code_challenge') !== challenge) {
      return entraError(
        'invalid_grant',
        'AADSTS501481: The Code_Verifier does not match the code_challenge.',
      );
    }
    if (authorizeQuery.get('redirect_uri') !== form.redirect_uri)
      return entraError('invalid_client', 'AADSTS50011: mismatch');
    return tokens({ nonce: authorizeQuery.get('nonce'), refresh: true, scope: form.scope });
  }

  function refresh(form: Form): ScriptedResponse {
    const token = form.refresh_token ?? '';
    if (!validTokens.has(token)) {
      if (authority.strictReuse && revokedTokens.has(token)) validTokens.clear();
      return entraError('invalid_grant', 'AADSTS70000: The refresh token is not valid.');
    }
    if (authority.strictReuse) {
      validTokens.delete(token);
      revokedTokens.add(token);
    }
    return tokens({ nonce: undefined, refresh: true, scope: form.scope });
  }

  function tokens({
    nonce,
    refresh,
    scope = '',
  }: {
    nonce: string | null | undefined;
    refresh: boolean;
    scope: string | undefined;
  }): ScriptedResponse {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: `${issuer}/${tenantId}/v2.0`,
      aud: clientId,
      sub: 'subject',
      oid: 'object-id',
      tid: tenantId,
      name: 'Adele Vance',
      preferred_username: 'adele@contoso.example',
      iat: now,
      exp: now + 3600,
      nonce: nonce ?? undefined,
      ...authority.idClaims,
    };
    const refreshToken = `refresh-${randomUUID()}`;
    if (refresh) validTokens.add(refreshToken);
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        access_token: jwt({ aud: audienceOf(scope), tid: tenantId, jti: randomUUID() }),
        expires_in: authority.expiresIn,
        id_token: nonce == null ? undefined : jwt(claims),
        refresh_token: refresh ? refreshToken : undefined,
      },
    };
  }

  return authority;
}

/** Returns the resource in a scope. */
function audienceOf(scope: string): string {
  return /(https?:\/\/\S+)\/[^/\s]+/.exec(scope)?.[1] ?? origin;
}

/** Creates a JWT in the format of Entra, with an invalid signature, which is not checked for tokens of the token endpoint. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${part('signature')}`;
}

/** Creates an error response in the format of Entra. */
export function entraError(
  error: string,
  description: string,
  members: Readonly<Record<string, unknown>> = {},
): ScriptedResponse {
  const traceId = '7f3c9a21-4b8e-4d6a-9c2f-1e5a6b7c8d90';
  const correlationId = '3e9d1c20-7a44-4f8b-bb19-2c6f0a8e7d31';
  return {
    status: error === 'invalid_client' ? 401 : 400,
    body: {
      error,
      error_description: `${description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: 2026-01-09 02:02:12Z`,
      error_codes: [...description.matchAll(/AADSTS(\d+)/g)].map((match) => Number(match[1])),
      timestamp: '2026-01-09 02:02:12Z',
      trace_id: traceId,
      correlation_id: correlationId,
      ...members,
    },
  };
}

export function respond(
  { status, body, type }: ScriptedResponse,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: { 'content-type': type ?? 'application/json; charset=utf-8', ...headers },
    body: (async function* () {
      yield new TextEncoder().encode(text);
    })(),
  };
}
