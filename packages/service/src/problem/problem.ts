import { ConnectorError, type ErrorCategory, type ErrorCode, type JsonObject } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { type ProblemCode, problemCodes } from './problem-codes.ts';

/** A request that the service itself refuses. */
export class ServiceError extends Error {
  readonly code: ProblemCode;
  /** Time to wait before a repetition, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  /** @param detail What is wrong in this request. It must not contain a secret or a value of another key's owner. */
  constructor(code: ProblemCode, detail: string, { retryAfterMs }: { readonly retryAfterMs?: number } = {}) {
    super(detail);
    this.name = 'ServiceError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * An error response: `application/problem+json`.
 * https://www.rfc-editor.org/rfc/rfc9457
 */
export interface Problem extends JsonObject {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode | ProblemCode;
  /** Who can resolve it; see docs/errors.md. */
  readonly category: ErrorCategory;
  /** Whether the same request can succeed later without any change. */
  readonly retryable: boolean;
  /** The next step. */
  readonly advice: string;
}

/** The HTTP status of the errors of each category. */
const statusByCategory: Readonly<Record<ErrorCategory, number>> = {
  // Of the files that an author works on: a service does not start with others.
  manifest: 422,
  input: 422,
  connection: 409,
  permission: 403,
  data: 422,
  throttled: 429,
  transient: 503,
  'unknown-outcome': 502,
  contract: 502,
  checkpoint: 409,
  operator: 503,
};

/** Codes whose status says more than that of their category. */
const statusByCode: Partial<Readonly<Record<ErrorCode, number>>> = {
  OPERATION_UNKNOWN: 404,
  NOT_FOUND: 404,
  CONFLICT: 412,
  DUPLICATE: 409,
  TIMEOUT: 504,
  ABORTED: 499,
  ACTION_NOT_ALLOWED: 403,
};

/** Describes any error as a problem. What is not a known error is UNEXPECTED, without its message. */
export function toProblem(error: unknown): Problem {
  if (ConnectorError.is(error)) return fromConnectorError(error);
  if (error instanceof ServiceError) return fromServiceError(error);
  return fromServiceError(new ServiceError('UNEXPECTED', 'The cause is in the log of the service.'));
}

function fromConnectorError(error: ConnectorError): Problem {
  const { message, status: serverStatus, ...members } = error.toJSON();
  return omitUndefined({
    type: typeOf(error.code, 'errors'),
    title: titleOf(error.code),
    status: statusByCode[error.code] ?? statusByCategory[error.category],
    detail: String(message),
    ...members,
    serverStatus,
  }) as unknown as Problem;
}

function fromServiceError({ code, message, retryAfterMs }: ServiceError): Problem {
  const { status, title, advice } = problemCodes[code];
  return omitUndefined({
    type: typeOf(code, 'service'),
    title,
    status,
    detail: message,
    code,
    category: code === 'UNEXPECTED' ? 'operator' : 'input',
    retryable: retryAfterMs !== undefined,
    advice,
    retryAfterMs,
  }) as unknown as Problem;
}

/** The place that explains the code: docs/errors.md has those of the engine, docs/service.md those of the service. */
const typeOf = (code: string, page: 'errors' | 'service') =>
  `https://github.com/dynamics365-connector/dynamics365-connector/blob/main/docs/${page}.md#${code.toLowerCase()}`;

/** `INPUT_INVALID` -> `Input invalid` */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
