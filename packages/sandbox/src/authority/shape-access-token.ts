import { buildAccessTokenClaims } from './claims.ts';
import type { Directory } from './directory.ts';

/** Where the facts of a token come from. */
export interface ShapeAccessTokenOptions {
  readonly directory: Directory;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Gives an access token that the OAuth library is about to sign the claims that Entra would give it. */
export function shapeAccessToken(
  options: ShapeAccessTokenOptions,
  token: { readonly clientId?: string; readonly accountId?: string; readonly expiration: number },
  parts: { header?: unknown; payload: Record<string, unknown> },
): void {
  const { directory, issuer, now } = options;
  const app = directory.apps.get(token.clientId ?? '');
  if (!app) return;
  const user = token.accountId === undefined ? undefined : directory.findUserById(token.accountId);
  parts.header = { typ: 'JWT' };
  parts.payload = buildAccessTokenClaims({
    issuer,
    tenantId: directory.tenantId,
    audience: String(parts.payload.aud),
    app,
    ...(user ? { user } : {}),
    issuedAt: Math.floor(now() / 1000),
    lifetime: token.expiration,
    id: String(parts.payload.jti),
  });
}
