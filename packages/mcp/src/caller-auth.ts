import { ConnectorError, type HttpSender, type JsonObject } from 'dynamics365-connector';
import { isLoopbackHost } from 'dynamics365-connector/host';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';

/** Where callers sign in, and what their tokens must be for. */
export interface CallerAuthOptions {
  /**
   * The authorization server: `https://login.microsoftonline.com/<tenant id>/v2.0`, or `<authority>/<tenant>/v2.0` of a
   * sandbox.
   */
  readonly issuer: string;
  /** The audience of the tokens: the Application ID URI or client ID of the app registration of this server. */
  readonly audience: string;
  /** The scope that a token must have, such as `access_as_user`. Default: any. */
  readonly scope?: string;
}

/** Who sent a request. */
export interface Caller {
  /** The Microsoft Entra object ID of the user: the value of the call option `asUser`. */
  readonly objectId: string;
  readonly tenantId?: string;
  readonly name?: string;
  /** The token of the request: with it, a connection can be opened on behalf of the caller. */
  readonly token: string;
}

/** Checks access tokens of callers. */
export interface CallerAuth {
  readonly options: CallerAuthOptions;
  /** The caller of a request; undefined if the token is missing, expired, forged or for another audience. */
  verify(authorization: string | null): Promise<Caller | undefined>;
}

/**
 * Reads the metadata of the authorization server, and checks tokens with its keys, which are read again when they rotate.
 *
 * @param send sends the requests for metadata and keys, through the proxy of the connector
 * @throws SETTING_INVALID if the authorization server cannot be reached or has no keys, or one of them is not https
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export async function openCallerAuth(options: CallerAuthOptions, send: HttpSender): Promise<CallerAuth> {
  const ask = toFetch(send);
  const metadata = await readMetadata(options.issuer, ask);
  const keys = createRemoteJWKSet(toSafeUrl(String(metadata.jwks_uri)), { [customFetch]: ask });
  const { audience, scope } = options;
  const issuers = allowedIssuers(String(metadata.issuer));
  return {
    options,
    async verify(authorization) {
      const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '') ?? [];
      if (token === undefined) return undefined;
      try {
        const rules = {
          audience,
          issuer: [...issuers],
          algorithms: ['RS256'],
          requiredClaims: ['exp', 'oid'],
        };
        const { payload } = await jwtVerify(token, keys, rules);
        return toCaller(payload, token, scope);
      } catch (error) {
        // A token that is wrong is the caller's error; keys that cannot be read are not.
        if (error instanceof errors.JOSEError && error.code !== 'ERR_JWKS_TIMEOUT') return undefined;
        throw error;
      }
    },
  };
}

const metadataTimeoutMs = 10_000;

type Ask = (url: string, options: { readonly signal: AbortSignal }) => Promise<Response>;

/** The part of `fetch` that is needed, over the sender of the connector. Redirects are not followed. */
function toFetch(send: HttpSender): Ask {
  return async (url, { signal }) => {
    const { status, headers, body } = await send({ method: 'GET', url, headers: {}, signal });
    return new Response(ReadableStream.from(body), { status, headers: { ...headers } });
  };
}

/** Keys that came in clear could be those of an attacker. */
function toSafeUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url !== undefined && isLoopbackHost(url.hostname))) return url;
  throw new ConnectorError('SETTING_INVALID', 'The authorization server, or its keys, has no https URL.', {
    advice: 'Give the issuer of your tenant: https://login.microsoftonline.com/<tenant id>/v2.0.',
  });
}

async function readMetadata(issuer: string, ask: Ask): Promise<JsonObject> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  toSafeUrl(url);
  try {
    const response = await ask(url, { signal: AbortSignal.timeout(metadataTimeoutMs) });
    const metadata = (await response.json()) as JsonObject;
    if (typeof metadata.jwks_uri === 'string' && typeof metadata.issuer === 'string') return metadata;
  } catch {
    // The error below says what is wrong.
  }
  throw new ConnectorError('SETTING_INVALID', `${url} is no metadata of an authorization server.`, {
    advice: 'Give the issuer of your tenant: https://login.microsoftonline.com/<tenant id>/v2.0.',
  });
}

/** Entra issues tokens of version 1 or 2, as the manifest of the app registration says; each has its own issuer. */
function allowedIssuers(issuer: string): readonly string[] {
  const [, tenant] = /^https:\/\/[^/]+\/([\da-f-]{36})\/v2\.0$/i.exec(issuer) ?? [];
  return tenant === undefined ? [issuer] : [issuer, `https://sts.windows.net/${tenant}/`];
}

function toCaller(
  { oid, tid, name, scp }: JWTPayload,
  token: string,
  scope: string | undefined,
): Caller | undefined {
  const scopes = typeof scp === 'string' ? scp.split(' ') : [];
  if (typeof oid !== 'string' || (scope !== undefined && !scopes.includes(scope))) return undefined;
  return {
    objectId: oid,
    tenantId: typeof tid === 'string' ? tid : undefined,
    name: typeof name === 'string' ? name : undefined,
    token,
  };
}
