import type { Diagnostic, Issue } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import { type ErrorCategory, type ErrorCode, errorCodes } from './error-codes.ts';

/** What an error may carry besides its message. Never secrets, never request objects, never row values. */
export interface ErrorDetails {
  /** The action or trigger: `case.create`. */
  readonly operation?: string;
  /** Our request id, and the service's own where it answered one. */
  readonly requestId?: string;
  readonly serviceRequestId?: string;
  /** HTTP status, and the error code in the server's own spelling (`0x80040217`, `AADSTS7000222`). */
  readonly status?: number;
  readonly serverCode?: string;
  /** The server's own words. */
  readonly serverMessage?: string;
  /** What to do next; replaces the code's general advice. */
  readonly advice?: string;
  readonly issues?: readonly Issue[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly retryAfterMs?: number;
  readonly suggestions?: readonly string[];
}

/** A registered symbol is the same in every copy of this module. */
const brand = Symbol.for('dynamics365-connector.ConnectorError');

/**
 * The one error that leaves this product. `code` is stable (semver), `category` says who must act, `advice`
 * what they do next. `toJSON()` gives all of it, and nothing else, to logs and hosts.
 */
export class ConnectorError extends Error {
  /**
   * True for a ConnectorError of any copy of this module: a bundle may hold two, and `instanceof` would know one of
   * them only. `error instanceof ConnectorError` uses the same brand.
   */
  static is(error: unknown): error is ConnectorError {
    return typeof error === 'object' && error !== null && brand in error;
  }

  static override [Symbol.hasInstance](error: unknown): boolean {
    return ConnectorError.is(error);
  }

  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly advice: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'ConnectorError';
    this.code = code;
    this.category = errorCodes[code].category;
    this.retryable = errorCodes[code].retryable;
    this.advice = details.advice ?? errorCodes[code].advice;
    this.details = details;
  }

  /** The same error with more known about it (the operation, the request id). */
  withDetails(details: ErrorDetails): ConnectorError {
    const error = new ConnectorError(this.code, this.message, { ...this.details, ...details });
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }

  toJSON(): JsonObject {
    const { advice: _, ...details } = this.details;
    return {
      code: this.code,
      category: this.category,
      retryable: this.retryable,
      message: this.message,
      advice: this.advice,
      ...(details as JsonObject),
    };
  }
}
