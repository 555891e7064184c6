import type { JsonObject } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/base';

/** Additional members of an error response. */
export interface EntraErrorDetails {
  /** `consent_required`, `basic_action`, ... */
  readonly suberror?: string;
  /** The claims challenge of conditional access, as JSON text. */
  readonly claims?: string;
}

/**
 * An error of the authority with Entra's number and OAuth's error code. It has the members that the OIDC provider
 * expects of errors, so it can be thrown from its hooks.
 */
export class EntraOAuthError extends Error {
  readonly code: number;
  /** OAuth error code, for example `invalid_grant`. */
  readonly error: string;
  readonly error_description: string;
  readonly status: number;
  readonly statusCode: number;
  readonly expose = true;
  readonly allow_redirect: boolean;
  readonly details: EntraErrorDetails;

  constructor(code: number, error: string, description: string, details: EntraErrorDetails = {}) {
    super(error);
    this.name = 'EntraOAuthError';
    this.code = code;
    this.error = error;
    this.error_description = `AADSTS${code}: ${description}`;
    this.status = error === 'invalid_client' ? 401 : 400;
    this.statusCode = this.status;
    // Entra shows these two on its own page, because the redirect URI cannot be trusted.
    this.allow_redirect = error !== 'invalid_redirect_uri' && error !== 'unauthorized_client';
    this.details = details;
  }
}

/** The ids and the time of an error response. */
export interface ErrorTrace {
  readonly traceId: string;
  readonly correlationId: string;
  /** `2026-01-31 08:30:00Z` */
  readonly timestamp: string;
  /** Origin of the authority. */
  readonly origin: string;
}

/** The text `AADSTS…: … Trace ID: … Correlation ID: … Timestamp: …`, on one line. */
export function formatErrorDescription(error: EntraOAuthError, trace: ErrorTrace): string {
  const { traceId, correlationId, timestamp } = trace;
  return `${error.error_description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
}

/** The JSON body of an error. */
export function entraErrorBody(error: EntraOAuthError, trace: ErrorTrace): JsonObject {
  return {
    error: error.error,
    error_description: formatErrorDescription(error, trace),
    error_codes: [error.code],
    timestamp: trace.timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `${trace.origin}/error?code=${error.code}`,
    ...omitUndefined(error.details),
  };
}
