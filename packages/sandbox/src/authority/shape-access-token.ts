import { buildAccessTokenClaims } from './claims.ts';
import type { Directory } from './directory.ts';

/** Where the claims come from. */
export interface ShapeAccessTokenOptions {
  readonly directory: Directory;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Replaces the claims of an access token with those of Entra, before the OIDC provider signs it. */
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
    user,
    issuedAt: Math.floor(now() / 1000),
    lifetime: token.expiration,
    id: String(parts.payload.jti),
  });
}
