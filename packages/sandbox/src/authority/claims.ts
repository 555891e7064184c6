import type { SandboxApp, User } from './directory.ts';

/** The user claims of id tokens, by the scope that requests them. */
export const idTokenClaims = {
  openid: ['sub', 'oid', 'tid', 'ver'],
  profile: ['name', 'preferred_username'],
  email: ['email'],
} as const;

/** The user claims of an id token. */
export function buildIdTokenClaims(user: User, tenantId: string): { sub: string; [claim: string]: string } {
  return {
    sub: user.objectId,
    oid: user.objectId,
    tid: tenantId,
    ver: '2.0',
    name: user.displayName,
    preferred_username: user.name,
    email: user.name,
  };
}

/** Input for the claims of an access token. Times are in seconds since the epoch. */
export interface AccessTokenInput {
  readonly issuer: string;
  readonly tenantId: string;
  /** Origin of the organization. */
  readonly audience: string;
  readonly app: SandboxApp;
  /** Absent for an app-only token. */
  readonly user?: User;
  readonly issuedAt: number;
  readonly lifetime: number;
  readonly id: string;
}

/**
 * The claims of an access token.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function buildAccessTokenClaims(input: AccessTokenInput): Record<string, unknown> {
  const { app, user, issuedAt } = input;
  return {
    aud: input.audience,
    iss: input.issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + input.lifetime,
    appid: app.clientId,
    appidacr: app.certificates.length > 0 ? '2' : app.secrets.length > 0 ? '1' : '0',
    idtyp: user ? 'user' : 'app',
    oid: user?.objectId ?? app.objectId,
    sub: user?.objectId ?? app.objectId,
    tid: input.tenantId,
    uti: input.id,
    ver: '1.0',
    name: user?.displayName,
    upn: user?.name,
    scp: user && 'user_impersonation',
  };
}
