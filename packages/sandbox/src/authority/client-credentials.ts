import { type JsonWebKey, X509Certificate } from 'node:crypto';
import type { SandboxApp } from './directory.ts';
import { entraErrors } from './entra-errors.ts';

/** The credentials that a client sent with a request. */
export interface PresentedCredentials {
  readonly secret?: string;
  /** A signed JWT, for `private_key_jwt`. */
  readonly assertion?: string;
}

/** Reads the credentials from the Basic header (RFC 6749 section 2.3.1) and the body parameters. */
export function readPresentedCredentials(
  authorization: string | undefined,
  params: { readonly client_secret?: unknown; readonly client_assertion?: unknown } | undefined,
): PresentedCredentials {
  const basic = /^Basic ([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  const pair = basic ? Buffer.from(basic, 'base64').toString('utf8') : undefined;
  const secret = pair ? decodeForm(pair.slice(pair.indexOf(':') + 1)) : params?.client_secret;
  const assertion = params?.client_assertion;
  return {
    secret: typeof secret === 'string' && secret !== '' ? secret : undefined,
    assertion: typeof assertion === 'string' ? assertion : undefined,
  };
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Whether an app is a public client: it has no credentials. */
function isPublicClient(app: SandboxApp): boolean {
  return app.secrets.length === 0 && app.certificates.length === 0;
}

/** How the OIDC provider must authenticate a client in one request. */
export type ClientAuthentication =
  | { readonly token_endpoint_auth_method: 'none' }
  | { readonly token_endpoint_auth_method: 'client_secret_post'; readonly client_secret: string }
  | {
      readonly token_endpoint_auth_method: 'private_key_jwt';
      readonly jwks: { readonly keys: JsonWebKey[] };
    };

/**
 * Selects the authentication method for the presented credentials. Rejects with Entra's own error: no credential, a
 * wrong or expired secret, a credential of a public client, an unregistered certificate.
 */
export function authenticateClient(
  app: SandboxApp,
  presented: PresentedCredentials,
  now: number,
): ClientAuthentication {
  if (presented.secret === undefined && presented.assertion === undefined) {
    if (isPublicClient(app)) return { token_endpoint_auth_method: 'none' };
    throw entraErrors.noCredential();
  }
  if (isPublicClient(app)) throw entraErrors.publicClient();
  if (presented.assertion !== undefined) {
    const jwk = findCertificateKey(app, presented.assertion);
    return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } };
  }
  const secret = app.secrets.find(({ value }) => value === presented.secret);
  if (!secret) throw entraErrors.wrongSecret(app);
  if (secret.expiresAt !== undefined && secret.expiresAt <= now) throw entraErrors.expiredSecret(app);
  return { token_endpoint_auth_method: 'client_secret_post', client_secret: secret.value };
}

/** The public key of the registered certificate that the assertion's header names by `x5t#S256`, `x5t` or `kid`. */
function findCertificateKey(app: SandboxApp, assertion: string): JsonWebKey {
  const header = parseJwtHeader(assertion);
  const named = [header['x5t#S256'], header.x5t, header.kid].filter((name) => typeof name === 'string');
  if (named.length === 0) throw entraErrors.badAssertion('The header has no x5t');
  for (const pem of app.certificates) {
    const certificate = new X509Certificate(pem);
    const thumbprints = [certificate.fingerprint256, certificate.fingerprint].map(toBase64Url);
    if (!named.every((name) => thumbprints.includes(name) || header.kid === name)) continue;
    if (!named.some((name) => thumbprints.includes(name))) continue;
    const jwk: JsonWebKey = certificate.publicKey.export({ format: 'jwk' });
    return typeof header.kid === 'string' ? { ...jwk, kid: header.kid } : jwk;
  }
  throw entraErrors.badAssertion('The key was not found');
}

/** Converts a fingerprint (`AB:CD:…`) to base64url. */
function toBase64Url(fingerprint: string): string {
  return Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
}

function parseJwtHeader(jwt: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8'));
    return header !== null && typeof header === 'object' ? (header as Record<string, unknown>) : {};
  } catch {
    throw entraErrors.badAssertion('The assertion is not a JWT');
  }
}
