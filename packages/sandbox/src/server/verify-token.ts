import { type KeyObject, verify } from 'node:crypto';

/** What a valid token says about its subject. */
export interface VerifiedToken {
  /** `oid`: the user, or the service principal of an app-only token. */
  readonly objectId: string;
  /** `appid` */
  readonly clientId: string;
  readonly isApp: boolean;
}

/** What a token must match. */
export interface TokenRequirements {
  readonly publicKey: KeyObject;
  readonly issuer: string;
  /** Origin of the listener that received the token. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Verifies the token of an `Authorization` header; undefined when it is missing or invalid. */
export function verifyToken(
  authorization: string | undefined,
  requirements: TokenRequirements,
): VerifiedToken | undefined {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? '');
  if (!token) return undefined;
  const [, head = '', body = '', signature = ''] = token;
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, requirements.publicKey, Buffer.from(signature, 'base64url')))
    return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  const seconds = requirements.now / 1000;
  if (claims.iss !== requirements.issuer || claims.aud !== requirements.audience) return undefined;
  if (!(claims.exp > seconds)) return undefined;
  return { objectId: claims.oid, clientId: claims.appid, isApp: claims.idtyp === 'app' };
}
