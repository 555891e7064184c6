import type { JsonObject } from 'dynamics365-connector';

/** What else a refusal may say. */
export interface EntraErrorDetails {
  /** `consent_required`, `basic_action`, ... */
  readonly suberror?: string;
  /** JSON text of a claims challenge (conditional access). */
  readonly claims?: string;
}

/**
 * A "no" of the authority, with Entra's number and OAuth's name for it. It has the members that the OAuth
 * library reads from its own errors, so it may be thrown from any of the library's hooks.
 * Numbers: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class EntraOAuthError extends Error {
  readonly code: number;
  /** OAuth's error code: `invalid_grant`. */
  readonly error: string;
  readonly error_description: string;
  readonly status: number;
  readonly statusCode: number;
  readonly expose = true;
  readonly allow_redirect: boolean;
  readonly details: EntraErrorDetails;

  constructor(code: number, error: string, description: string, details: EntraErrorDetails = {}) {
    super(error);
    this.name = 'EntraRefusal';
    this.code = code;
    this.error = error;
    this.error_description = `AADSTS${code}: ${description}`;
    this.status = error === 'invalid_client' ? 401 : 400;
    this.statusCode = this.status;
    // Entra shows these two on its own page: there is no address that it could trust with the answer.
    this.allow_redirect = error !== 'invalid_redirect_uri' && error !== 'unauthorized_client';
    this.details = details;
  }
}

/** The ids and the time that an answer of the authority carries. */
export interface ErrorTrace {
  readonly traceId: string;
  readonly correlationId: string;
  /** `2026-01-31 08:30:00Z` */
  readonly timestamp: string;
  /** Origin of the authority. */
  readonly origin: string;
}

/** `AADSTS…: … Trace ID: … Correlation ID: … Timestamp: …`, in one line. */
export function formatErrorDescription(error: EntraOAuthError, trace: ErrorTrace): string {
  const { traceId, correlationId, timestamp } = trace;
  return `${error.error_description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
}

/** The JSON body of a refusal. */
export function entraErrorBody(error: EntraOAuthError, trace: ErrorTrace): JsonObject {
  return {
    error: error.error,
    error_description: formatErrorDescription(error, trace),
    error_codes: [error.code],
    timestamp: trace.timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `${trace.origin}/error?code=${error.code}`,
    ...(error.details as JsonObject),
  };
}
