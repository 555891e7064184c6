import { type KeyObject, verify } from 'node:crypto';

/** Who a good token speaks for. */
export interface VerifiedToken {
  /** `oid`: the user, or the service principal of an app that acts as itself. */
  readonly objectId: string;
  /** `appid` */
  readonly clientId: string;
  readonly isApp: boolean;
}

/** What a token must fit. */
export interface TokenRequirements {
  readonly publicKey: KeyObject;
  readonly issuer: string;
  /** Origin of who checks. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Reads and checks the token of an Authorization header; undefined when it does not do, for whatever reason. */
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
