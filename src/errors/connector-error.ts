import type { Diagnostic, Issue } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';
import { type ErrorCategory, type ErrorCode, errorCodes } from './error-codes.ts';
import type { MissingPrivilege } from './missing-privilege.ts';
import type { StepReport } from './step-report.ts';

/** The details of an error. They never contain secrets, request objects or row values. */
export interface ErrorDetails {
  /** The action or trigger: `case.create`. */
  readonly operation?: string;
  /** The id of our request, and the request id of the service, if it sent one. */
  readonly requestId?: string;
  readonly serviceRequestId?: string;
  /** The HTTP status, and the error code of the server (`0x80040217`, `AADSTS7000222`). */
  readonly status?: number;
  readonly serverCode?: string;
  /** The message of the server. */
  readonly serverMessage?: string;
  /** The next step; replaces the general advice of the code. */
  readonly advice?: string;
  readonly issues?: readonly Issue[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly retryAfterMs?: number;
  /** An attempt of a write got no answer, so it may have been carried out. */
  readonly maybeSent?: boolean;
  /** How many rows of a list were read before the error. */
  readonly rowsRead?: number;
  readonly suggestions?: readonly string[];
  /** For an action with steps: what became of each. */
  readonly steps?: readonly StepReport[];
  /** For ACCESS_DENIED: the line of a security role that is missing, if the server names it. */
  readonly missingPrivilege?: MissingPrivilege;
}

/** A registered symbol is the same in every copy of this module. */
const brand = Symbol.for('dynamics365-connector.ConnectorError');

/**
 * The error that all public functions throw. `code` is part of the public API, `category` says who can resolve the error,
 * and `advice` is the next step. `toJSON()` returns all of it for logs and hosts.
 */
export class ConnectorError extends Error {
  /**
   * True for a ConnectorError of any copy of this module: a bundle may hold two, and `instanceof` would know one of
   * them only. `error instanceof ConnectorError` uses the same brand.
   */
  static is(error: unknown): error is ConnectorError {
    try {
      return typeof error === 'object' && error !== null && brand in error;
    } catch {
      // A proxy whose traps throw.
      return false;
    }
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

  /** Returns the same error with more details, for example the operation or the request id. */
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
