import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { fromBase64 } from './base64.ts';
import { readBearerParameter } from './parse-challenge.ts';

/** What an organization requires of a token: https://learn.microsoft.com/entra/identity-platform/claims-challenge */
export interface ClaimsChallenge {
  /** The parameter `claims` of the next token request, as JSON. */
  readonly claims: string;
  /** The same for people: `the authentication context c1`. */
  readonly requires: string;
}

const maxHeaderLength = 16_384;

/**
 * Reads the claims challenge of a 401: `WWW-Authenticate: Bearer …, error="insufficient_claims", claims="<base64>"`.
 * Undefined for any other header, and for claims that cannot be read: the token is renewed without them then.
 */
export function readClaimsChallenge(header: string | undefined): ClaimsChallenge | undefined {
  if (header === undefined || header.length > maxHeaderLength) return undefined;
  if (readBearerParameter(header, 'error') !== 'insufficient_claims') return undefined;
  const bytes = fromBase64(readBearerParameter(header, 'claims') ?? '');
  const claims = bytes && parseObject(new TextDecoder().decode(bytes));
  const { access_token: required } = claims ?? {};
  if (claims === undefined || required === undefined || !isJsonObject(required)) return undefined;
  return { claims: JSON.stringify(claims), requires: describe(required) };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names of claims, and values of a known form: anything else in the header could be a secret. */
function describe(required: JsonObject): string {
  const parts = Object.entries(required).flatMap(([name, claim]) => describeClaim(name, valuesOf(claim)));
  return parts.length === 0 ? 'another token' : parts.join(' and ');
}

function describeClaim(name: string, values: readonly string[]): readonly string[] {
  const contexts = values.filter((value) => /^c\d{1,2}$/.test(value));
  if (name === 'acrs' && contexts.length > 0) return [`the authentication context ${contexts.join(' or ')}`];
  const [seconds = ''] = values;
  if (name === 'nbf' && /^\d{9,11}$/.test(seconds))
    return [`a sign-in after ${new Date(Number(seconds) * 1000).toISOString().slice(0, 16)}Z`];
  return /^[a-z_]{2,40}$/.test(name) ? [`the claim "${name}"`] : [];
}

function valuesOf(claim: Json): readonly string[] {
  if (!isJsonObject(claim)) return [];
  const { value, values } = claim;
  return [value, ...(Array.isArray(values) ? values : [])].filter((each) => typeof each === 'string');
}

/** The error where nobody but a person can get the token that is required. `cause`: why the request for it failed. */
export function claimsRequired({ requires }: ClaimsChallenge, cause?: ConnectorError): ConnectorError {
  const { serverCode, serverMessage, requestId, serviceRequestId } = cause?.details ?? {};
  return new ConnectorError(
    'CLAIMS_REQUIRED',
    `The organization requires ${requires}, and this credential has no token with it.${cause === undefined ? '' : ` ${cause.message}`}`,
    omitUndefined({ serverCode, serverMessage, requestId, serviceRequestId }),
  );
}

/** Requests a token. After a challenge, a refusal that only a person can resolve says what is required. */
export async function answerChallenge<T>(
  challenge: ClaimsChallenge | undefined,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (challenge === undefined || !ConnectorError.is(error) || error.retryable) throw error;
    throw claimsRequired(challenge, error);
  }
}
