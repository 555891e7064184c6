import { omitUndefined } from '../model/omit-undefined.ts';
import { ConnectorError } from './connector-error.ts';

/** What a log line says about an error: what happened, why, and the ids that the support of Microsoft asks for. */
export interface ErrorLogFields {
  readonly code: string;
  readonly reason: string;
  readonly status?: number;
  /** The error code of the server: `0x80040220`, `AADSTS7000222`. */
  readonly serverCode?: string;
  readonly requestId?: string;
  readonly serviceRequestId?: string;
}

/**
 * The code and the cause of an error for the log. The text of the server, and the messages of unexpected errors, can
 * contain values of rows, so they are left out.
 */
export function toLogFields(error: unknown): ErrorLogFields {
  if (error instanceof ConnectorError) {
    const { code, message, details } = error;
    const { serverMessage, status, serverCode, requestId, serviceRequestId } = details;
    const reason = serverMessage ? withoutText(message, serverMessage) : message;
    return omitUndefined({ code, reason, status, serverCode, requestId, serviceRequestId });
  }
  const { code, name, stack } = (error ?? {}) as { code?: unknown; name?: unknown; stack?: unknown };
  const place = findPlace(stack);
  const kind = typeof name === 'string' ? name : typeof error;
  const reason = `an unexpected error (${kind}${place === undefined ? '' : ` at ${place}`})`;
  return { code: typeof code === 'string' ? code : 'UNEXPECTED', reason };
}

function withoutText(message: string, text: string): string {
  return message.replaceAll(`: ${text}`, '').replaceAll(text, '…');
}

/** The file and the line where an error was thrown, without its message. */
function findPlace(stack: unknown): string | undefined {
  return typeof stack === 'string' ? /^ {4}at .*?([\w.-]+:\d+):\d+\)?$/m.exec(stack)?.[1] : undefined;
}
