import { ConnectorError } from '../errors/connector-error.ts';
import { type EntraErrorInfo, entraErrorCodes, entraErrorUrl } from '../errors/entra-error-codes.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { guidSource } from '../model/guid.ts';

/** An error of the sign-in authority, from the JSON of a token response or the query of a redirect. */
export interface EntraErrorResponse {
  /** The OAuth error code: `invalid_grant`. */
  readonly error: string;
  readonly description: string;
  /** AADSTS numbers. Those in the description come first, because they are more specific. */
  readonly aadstsCodes: readonly number[];
  /** A claims challenge (Conditional Access): the user must sign in interactively. */
  readonly claimsRequired: boolean;
  readonly traceId?: string;
  readonly correlationId?: string;
}

/**
 * Parses an error of the authority, in which every member may be missing or have another type. `scrub` removes the
 * secrets of the request from the authority's texts.
 */
export function parseEntraError(
  response: Readonly<Record<string, unknown>>,
  scrub: (text: string) => string = (text) => text,
): EntraErrorResponse {
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(response, name) ? response[name] : undefined;
    return typeof value === 'string' && value !== '' ? scrub(value) : undefined;
  };
  const description = text('error_description') ?? '';
  const [sentence = ''] = description.split('Trace ID:', 1);
  return {
    error: (text('error') ?? 'unknown_error').slice(0, 60),
    // The part from the trace id on has its own members.
    description: sentence.replaceAll(/\s+/g, ' ').trim().slice(0, 500),
    aadstsCodes: readAadstsCodes(description, response.error_codes),
    claimsRequired: text('claims') !== undefined,
    traceId: (text('trace_id') ?? findId(description, 'Trace ID'))?.slice(0, 100),
    correlationId: (text('correlation_id') ?? findId(description, 'Correlation ID'))?.slice(0, 100),
  };
}

function findId(description: string, name: string): string | undefined {
  return new RegExp(`${name}: (${guidSource})`, 'i').exec(description)?.[1];
}

function readAadstsCodes(description: string, codes: unknown): readonly number[] {
  const written = [...description.matchAll(/AADSTS(\d{4,9})/g)].map((match) => Number(match[1]));
  const listed = Array.isArray(codes)
    ? codes.filter((code): code is number => Number.isSafeInteger(code))
    : [];
  return [...new Set([...written, ...listed])];
}

/** Explanations of OAuth error codes, for errors without a known AADSTS number. */
const errorsByOAuthCode: Readonly<Record<string, readonly [code: ErrorCode, cause: string]>> = {
  invalid_grant: ['RECONNECT_NEEDED', 'The stored sign-in is no longer valid.'],
  interaction_required: ['RECONNECT_NEEDED', 'The user must sign in again.'],
  login_required: ['RECONNECT_NEEDED', 'No user is signed in.'],
  consent_required: ['CONSENT_REQUIRED', 'Neither the user nor an administrator has consented to this app.'],
  invalid_client: ['APP_REGISTRATION_INVALID', 'The client id, secret or certificate is wrong.'],
  unauthorized_client: ['APP_REGISTRATION_INVALID', 'The app registration does not allow this grant type.'],
  unsupported_grant_type: [
    'APP_REGISTRATION_INVALID',
    'The app registration does not allow this grant type.',
  ],
  invalid_resource: ['ORG_MISMATCH', 'The tenant has no organization at this environment URL.'],
  invalid_scope: ['ORG_MISMATCH', 'The scope is not valid for this environment.'],
  access_denied: ['SIGN_IN_REFUSED', 'The sign-in was canceled or declined.'],
  authorization_declined: ['SIGN_IN_REFUSED', 'The sign-in was declined.'],
  expired_token: ['SIGN_IN_REFUSED', 'The code for the device page has expired.'],
  temporarily_unavailable: ['UNAVAILABLE', 'The sign-in service is busy.'],
  server_error: ['UNAVAILABLE', 'The sign-in service reported an internal error.'],
};

/**
 * Creates the error for the caller: cause, next step, the page of Microsoft, and the ids that Microsoft's support needs.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function explainEntraError(response: EntraErrorResponse, status?: number): ConnectorError {
  const number =
    response.aadstsCodes.find((candidate) => entraErrorCodes.has(candidate)) ?? response.aadstsCodes[0];
  const known: EntraErrorInfo | undefined = number === undefined ? undefined : entraErrorCodes.get(number);
  const [code, cause] =
    known === undefined ? explainUnlisted(response, number) : ([known.code, known.cause] as const);
  const serverCode = number === undefined ? response.error : `AADSTS${number}`;
  return new ConnectorError(code, `The sign-in was refused: ${cause} (${serverCode})`, {
    serverCode,
    status,
    serverMessage: response.description === '' ? undefined : response.description,
    requestId: response.correlationId,
    serviceRequestId: response.traceId,
    advice: toAdvice(known, number),
  });
}

/** With a number that is not listed, only what the authority wrote is certain: the OAuth code covers many causes. */
function explainUnlisted(
  response: EntraErrorResponse,
  number: number | undefined,
): readonly [ErrorCode, string] {
  const [code, cause] = explainOAuthCode(response);
  if (number === undefined) return [code, cause];
  const written = response.description
    .replace(/^AADSTS\d+\s*:?\s*/, '')
    .slice(0, 300)
    .trim();
  return [code, written === '' ? 'The sign-in service gave no reason but a number.' : `“${written}”`];
}

function explainOAuthCode({ error, claimsRequired }: EntraErrorResponse): readonly [ErrorCode, string] {
  if (claimsRequired)
    return ['RECONNECT_NEEDED', 'A policy of the tenant requires the user to sign in again.'];
  const known = Object.hasOwn(errorsByOAuthCode, error) ? errorsByOAuthCode[error] : undefined;
  return known ?? ['SIGN_IN_REFUSED', 'The authority returned an unknown error.'];
}

function toAdvice(known: EntraErrorInfo | undefined, number: number | undefined): string | undefined {
  if (number === undefined) return undefined;
  if (known === undefined) return `Read ${entraErrorUrl(number)}.`;
  return `${known.advice} See ${entraErrorUrl(number)}.`;
}
