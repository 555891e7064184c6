import type { AccessToken } from '../model/token.ts';
import { decodeClaims, readTextClaim } from './jwt.ts';

/** The user whom a token stands for (`oid`), or else the app; undefined if the token does not tell. */
export function readCallerId({ token }: AccessToken): string | undefined {
  const claims = decodeClaims(token.reveal());
  return readTextClaim(claims, 'oid') ?? readTextClaim(claims, 'appid') ?? readTextClaim(claims, 'azp');
}
