import type { ConnectorError } from '../../errors/connector-error.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Clock, Log, LogLevel } from '../../model/runtime-services.ts';
import type { PipelineRequest, Policy, RawResponse } from '../pipeline-request.ts';
import { redactPath } from '../redact-path.ts';

/**
 * All field names that a log line may have. Queries, bodies, headers and row ids are never logged, because they contain
 * personal data or secrets.
 */
export const logFields = [
  'operation',
  'requestId',
  'serviceRequestId',
  'method',
  'path',
  'status',
  'code',
  'serverCode',
  'reason',
  'attempt',
  'ms',
  'chars',
  'waitMs',
  'table',
  'column',
  'trigger',
  'subscription',
  'count',
] as const;

/** The fields of one log line. */
export type LogFields = { readonly [name in (typeof logFields)[number]]?: string | number };

/** Writes one log line for each attempt: operation, path, result and duration. */
export function logPolicy(write: Log, clock: Pick<Clock, 'now'>): Policy {
  const now = () => clock.now();
  return async (request, next) => {
    const startedAt = now();
    try {
      const response = await next(request);
      logResponse(write, request, response, now() - startedAt);
      return response;
    } catch (error) {
      logFailure(write, request, error, now() - startedAt);
      throw error;
    }
  };
}

/** The line of an attempt with a response, which took `ms`. Nothing is composed where nobody listens. */
export function logResponse(write: Log, request: PipelineRequest, response: RawResponse, ms: number): void {
  writeLine(write, response.status < 400 ? 'debug' : 'warn', request, { ...responseFields(response), ms });
}

/** The line of an attempt without a complete response, which took `ms`. */
export function logFailure(write: Log, request: PipelineRequest, error: unknown, ms: number): void {
  const code = (error as Partial<ConnectorError>).code ?? 'unexpected';
  writeLine(write, 'warn', request, { code, ms });
}

function writeLine(write: Log, level: LogLevel, request: PipelineRequest, fields: LogFields): void {
  write({ level, event: 'http.attempt', fields: { ...requestFields(request), ...fields } });
}

function requestFields({ operation, requestId, method, url, state }: PipelineRequest): LogFields {
  const path = redactPath(new URL(url).pathname);
  return { operation, requestId, method, path, attempt: state.attempts };
}

function responseFields({ status, headers, text, parsed, multipart }: RawResponse): LogFields {
  return omitUndefined({
    status,
    chars: parsed?.chars ?? multipart?.length ?? text.length,
    serviceRequestId: headers['x-ms-service-request-id'],
  });
}
