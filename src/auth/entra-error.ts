import { ConnectorError } from '../errors/connector-error.ts';
import { type EntraErrorInfo, entraErrorCodes, entraErrorUrl } from '../errors/entra-error-codes.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { guidSource } from '../model/guid.ts';

/** A refusal of the sign-in authority, read from a token answer's JSON or from the redirect's query. */
export interface EntraErrorResponse {
  /** OAuth's own code: `invalid_grant`. */
  readonly error: string;
  readonly description: string;
  /** AADSTS numbers, the telling one first. */
  readonly aadstsCodes: readonly number[];
  readonly suberror?: string;
  /** The authority wants more of the user (Conditional Access); only an interactive sign-in can give it. */
  readonly claimsRequired: boolean;
  readonly traceId?: string;
  readonly correlationId?: string;
}

/**
 * Reads a refusal; every member is optional at the authority's whim, so nothing is trusted to be there. `scrub`
 * takes the secrets of the request out of the authority's words.
 */
export function parseEntraError(
  answer: Readonly<Record<string, unknown>>,
  scrub: (text: string) => string = (text) => text,
): EntraErrorResponse {
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(answer, name) ? answer[name] : undefined;
    return typeof value === 'string' && value !== '' ? scrub(value) : undefined;
  };
  const description = text('error_description') ?? '';
  const suberror = text('suberror');
  const traceId = text('trace_id') ?? findId(description, 'Trace ID');
  const correlationId = text('correlation_id') ?? findId(description, 'Correlation ID');
  return {
    error: (text('error') ?? 'unknown_error').slice(0, 60),
    // Everything from the trace id on is in fields of its own.
    description: description
      .split(/\s*Trace ID:/)[0]!
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 500),
    aadstsCodes: readAadstsCodes(description, answer.error_codes),
    ...(suberror === undefined ? {} : { suberror: suberror.slice(0, 100) }),
    claimsRequired: text('claims') !== undefined,
    ...(traceId === undefined ? {} : { traceId: traceId.slice(0, 100) }),
    ...(correlationId === undefined ? {} : { correlationId: correlationId.slice(0, 100) }),
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

/** What an OAuth code means when no AADSTS number says it better. */
const errorsByOAuthCode: Readonly<Record<string, readonly [code: ErrorCode, cause: string]>> = {
  invalid_grant: ['RECONNECT_NEEDED', 'The stored sign-in no longer works.'],
  interaction_required: ['RECONNECT_NEEDED', 'The sign-in must be repeated by the user.'],
  login_required: ['RECONNECT_NEEDED', 'No user is signed in.'],
  consent_required: ['CONSENT_REQUIRED', 'Nobody has consented yet to this app.'],
  invalid_client: ['APP_REGISTRATION_INVALID', 'The client id, secret or certificate is wrong.'],
  unauthorized_client: ['APP_REGISTRATION_INVALID', 'The app may not sign in this way.'],
  unsupported_grant_type: ['APP_REGISTRATION_INVALID', 'The app may not sign in this way.'],
  invalid_resource: ['ORG_MISMATCH', 'The tenant has no organization at this environment URL.'],
  invalid_scope: ['ORG_MISMATCH', 'The scope is not valid for this environment.'],
  access_denied: ['SIGN_IN_REFUSED', 'The sign-in was canceled or declined.'],
  authorization_declined: ['SIGN_IN_REFUSED', 'The sign-in was declined.'],
  expired_token: ['SIGN_IN_REFUSED', 'The code for the device page has expired.'],
  temporarily_unavailable: ['UNAVAILABLE', 'The sign-in service is busy.'],
  server_error: ['UNAVAILABLE', 'The sign-in service had a fault.'],
};

/** The refusal in our words: cause, next step, Microsoft's page, and the ids that its support asks for. */
export function explainEntraError(response: EntraErrorResponse, status?: number): ConnectorError {
  const number =
    response.aadstsCodes.find((candidate) => entraErrorCodes.has(candidate)) ?? response.aadstsCodes[0];
  const known: EntraErrorInfo | undefined = number === undefined ? undefined : entraErrorCodes.get(number);
  const [code, cause] =
    known === undefined ? explainOAuthCode(response) : ([known.code, known.cause] as const);
  const serverCode = number === undefined ? response.error : `AADSTS${number}`;
  return new ConnectorError(code, `The sign-in was refused: ${cause} (${serverCode})`, {
    serverCode,
    ...(status === undefined ? {} : { status }),
    ...(response.description === '' ? {} : { serverMessage: response.description }),
    ...(response.correlationId === undefined ? {} : { requestId: response.correlationId }),
    ...(response.traceId === undefined ? {} : { serviceRequestId: response.traceId }),
    ...toAdvice(known, number),
  });
}

function explainOAuthCode({ error, claimsRequired }: EntraErrorResponse): readonly [ErrorCode, string] {
  if (claimsRequired) return ['RECONNECT_NEEDED', 'A policy of the tenant wants the user to sign in again.'];
  return Object.hasOwn(errorsByOAuthCode, error)
    ? errorsByOAuthCode[error]!
    : ['SIGN_IN_REFUSED', 'The authority gave a reason that we do not know.'];
}

function toAdvice(known: EntraErrorInfo | undefined, number: number | undefined): { advice?: string } {
  if (number === undefined) return {};
  if (known === undefined) return { advice: `Read ${entraErrorUrl(number)}.` };
  return { advice: `${known.advice} See ${entraErrorUrl(number)}.` };
}
