import type { ConnectorError } from '../../errors/connector-error.ts';
import type { Clock, Log, LogLevel } from '../../model/world.ts';
import type { Passage, Policy, Reply } from '../passage.ts';

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
export function log(write: Log, clock: Clock): Policy {
  return async (passage, next) => {
    const startedAt = clock.now();
    const say = (level: LogLevel, fields: LogFields) =>
      write({
        level,
        event: 'http.attempt',
        fields: { ...describe(passage), ...fields, ms: clock.now() - startedAt },
      });
    try {
      const reply = await next(passage);
      say(reply.status < 400 ? 'debug' : 'warn', describeReply(reply));
      return reply;
    } catch (error) {
      say('warn', { code: (error as Partial<ConnectorError>).code ?? 'unexpected' });
      throw error;
    }
  };
}

function describe({ operation, requestId, method, shownPath, tally }: Passage): LogFields {
  return { operation, requestId, method, path: shownPath, attempt: tally.attempts };
}

function describeReply({ status, headers, text }: Reply): LogFields {
  const serviceRequestId = headers['x-ms-service-request-id'];
  return { status, chars: text.length, ...(serviceRequestId === undefined ? {} : { serviceRequestId }) };
}
