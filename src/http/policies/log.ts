import type { ConnectorError } from '../../errors/connector-error.ts';
import type { Clock, Log, LogLevel } from '../../model/runtime-services.ts';
import type { PipelineRequest, Policy, RawResponse } from '../pipeline-request.ts';

/**
 * Every name that may stand in a log line. Nothing else is logged: no query, no body, no header, no id of a
 * row; all of those carry personal data or secrets.
 */
export const logFields = [
  'operation',
  'requestId',
  'serviceRequestId',
  'method',
  'path',
  'status',
  'code',
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

/** The fields of one log line; the names are the allow-list. */
export type LogFields = { readonly [name in (typeof logFields)[number]]?: string | number };

/** Writes one line for each attempt: who, where, how it ended and how long it took. */
export function logPolicy(write: Log, clock: Clock): Policy {
  return async (request, next) => {
    const startedAt = clock.now();
    const writeLine = (level: LogLevel, fields: LogFields) =>
      write({
        level,
        event: 'http.attempt',
        fields: { ...requestFields(request), ...fields, ms: clock.now() - startedAt },
      });
    try {
      const response = await next(request);
      writeLine(response.status < 400 ? 'debug' : 'warn', responseFields(response));
      return response;
    } catch (error) {
      writeLine('warn', { code: (error as Partial<ConnectorError>).code ?? 'unexpected' });
      throw error;
    }
  };
}

function requestFields({ operation, requestId, method, redactedPath, state }: PipelineRequest): LogFields {
  return { operation, requestId, method, path: redactedPath, attempt: state.attempts };
}

function responseFields({ status, headers, text }: RawResponse): LogFields {
  const serviceRequestId = headers['x-ms-service-request-id'];
  return { status, chars: text.length, ...(serviceRequestId === undefined ? {} : { serviceRequestId }) };
}
