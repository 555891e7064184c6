import { type KeyObject, verify } from 'node:crypto';
import { constantOf } from '../constant.ts';

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

/** The claims of a token. */
interface Claims {
  readonly iss: string;
  readonly aud: string;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly oid: string;
  readonly appid: string;
  readonly idtyp?: string;
}

const maxTokens = 100;

/** The claims of tokens whose signature was verified with a key: a client sends the same token with each request. */
const verifiedTokens = constantOf((_key: KeyObject) => new Map<string, Claims>());

/** Verifies the token of an `Authorization` header; undefined when it is missing or invalid. */
export function verifyToken(
  authorization: string | undefined,
  { publicKey, issuer, audience, now }: TokenRequirements,
): VerifiedToken | undefined {
  const claims = readClaims(authorization ?? '', publicKey);
  if (!claims || claims.iss !== issuer || claims.aud !== audience) return undefined;
  if (!(claims.exp > now / 1000)) return undefined;
  return { objectId: claims.oid, clientId: claims.appid, isApp: claims.idtyp === 'app' };
}

/** The claims of a token with a valid signature. */
function readClaims(authorization: string, publicKey: KeyObject): Claims | undefined {
  const verified = verifiedTokens(publicKey);
  const known = verified.get(authorization);
  if (known) return known;
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization);
  if (!token) return undefined;
  const [, head = '', body = '', signature = ''] = token;
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
  const claims: Claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  if (verified.size >= maxTokens) verified.clear();
  verified.set(authorization, claims);
  return claims;
}
