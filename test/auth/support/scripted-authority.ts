import { createHash, randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse, HttpSender } from '../../../src/model/http.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const otherTenant = '22222222-2222-4222-8222-222222222222';
export const clientId = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
export const origin = 'https://contoso.crm4.dynamics.com';
export const scopes = ['openid', 'profile', 'offline_access', `${origin}/user_impersonation`];

export type Form = Readonly<Record<string, string>>;
export type ScriptedResponse = { readonly status: number; readonly body: unknown; readonly type?: string };

/** An authority in memory. Every request that reaches it is in `requests`, also those to other hosts. */
export interface ScriptedAuthority {
  readonly send: HttpSender;
  readonly requests: HttpRequest[];
  /** Token requests, as forms. */
  readonly forms: Form[];
  /** What a browser does: opens the url, signs in, comes back. Answers the callback url. */
  signIn(url: string): string;
  /** Changes id token claims from here on. */
  idClaims: Record<string, unknown>;
  /** Stands in for the token endpoint when it answers something. */
  intercept:
    | ((form: Form) => ScriptedResponse | undefined | Promise<ScriptedResponse | undefined>)
    | undefined;
  /** Seconds that access tokens live. */
  expiresIn: number;
  /** Old refresh tokens die when they are used, and using a dead one kills the family. */
  strictReuse: boolean;
}

export function createScriptedAuthority(
  login = 'https://login.microsoftonline.com',
  issuer = login,
): ScriptedAuthority {
  const codes = new Map<string, URLSearchParams>();
  const live = new Set<string>();
  const dead = new Set<string>();
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
      const back = new URL(query.get('redirect_uri')!);
      back.searchParams.set('code', code);
      back.searchParams.set('state', query.get('state')!);
      back.searchParams.set('session_state', randomUUID());
      return back.href;
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
    const asked = codes.get(form.code ?? '');
    codes.delete(form.code ?? '');
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url');
    if (asked === undefined)
      return refusal('invalid_grant', 'AADSTS70008: The provided authorization code has expired.');
    if (asked.get('code_challenge') !== challenge) {
      return refusal('invalid_grant', 'AADSTS501481: The Code_Verifier does not match the code_challenge.');
    }
    if (asked.get('redirect_uri') !== form.redirect_uri)
      return refusal('invalid_client', 'AADSTS50011: mismatch');
    return tokens({ nonce: asked.get('nonce'), refresh: true, scope: form.scope });
  }

  function refresh(form: Form): ScriptedResponse {
    const token = form.refresh_token ?? '';
    if (!live.has(token)) {
      if (authority.strictReuse && dead.has(token)) live.clear();
      return refusal('invalid_grant', 'AADSTS70000: The refresh token is not valid.');
    }
    if (authority.strictReuse) {
      live.delete(token);
      dead.add(token);
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
      ...(nonce == null ? {} : { nonce }),
      ...authority.idClaims,
    };
    const refreshToken = `refresh-${randomUUID()}`;
    if (refresh) live.add(refreshToken);
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        access_token: jwt({ aud: audienceOf(scope), tid: tenantId, jti: randomUUID() }),
        expires_in: authority.expiresIn,
        ...(nonce == null ? {} : { id_token: jwt(claims) }),
        ...(refresh ? { refresh_token: refreshToken } : {}),
      },
    };
  }

  return authority;
}

/** The resource that a scope names: a token is for it and for nothing else. */
function audienceOf(scope: string): string {
  return /(https?:\/\/\S+)\/[^/\s]+/.exec(scope)?.[1] ?? origin;
}

/** A token as Entra writes it; the signature is not one, because a token from the token endpoint needs none. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${part('signature')}`;
}

/** An error answer as Entra writes it. */
export function refusal(
  error: string,
  description: string,
  more: Readonly<Record<string, unknown>> = {},
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
      ...more,
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
