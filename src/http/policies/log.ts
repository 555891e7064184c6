import type { ConnectorError } from '../../errors/connector-error.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Clock, Log, LogLevel } from '../../model/runtime-services.ts';
import type { PipelineRequest, Policy, RawResponse } from '../pipeline-request.ts';

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
  return omitUndefined({ status, chars: text.length, serviceRequestId: headers['x-ms-service-request-id'] });
}
