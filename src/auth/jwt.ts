import { isJsonObject, type JsonObject } from '../model/json.ts';
import { fromBase64 } from './base64.ts';

/**
 * Decodes the claims of a JWT *without verification*: to explain an error, and to choose the issuer to check against.
 * Undefined if the token is not a JWT (access tokens may be opaque).
 */
export function decodeClaims(token: string): JsonObject | undefined {
  const bytes = fromBase64(token.split('.')[1] ?? '');
  if (bytes === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJsonObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a claim if it is a string, or undefined. */
export function readTextClaim(claims: JsonObject | undefined, name: string): string | undefined {
  const value = claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The claims of the id token in a token response, not checked yet. */
export async function decodeIdTokenClaims(response: Response): Promise<JsonObject | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const token = (body as { readonly id_token?: unknown } | null | undefined)?.id_token;
  return typeof token === 'string' ? decodeClaims(token) : undefined;
}
