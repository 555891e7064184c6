import type { ErrorCode } from '../errors/codes.ts';
import { ConnectorError, type ErrorDetails } from '../errors/connector-error.ts';

/** An attempt that brought no complete answer. `sent`: the request may have reached the organisation. */
export class NoAnswer extends ConnectorError {
  readonly sent: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { sent: boolean }) {
    const { sent, ...rest } = details;
    super(code, message, rest);
    this.sent = sent;
  }
}

// Codes of libuv and OpenSSL that come before the first byte of a request.
const neverConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
const badCertificate =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/;

/** What a sender threw, rebuilt: the cause's code is kept, its message (which may quote the URL) is not. */
export function toNoAnswer(host: string, thrown: unknown): NoAnswer {
  const cause = causeCode(thrown);
  if (cause !== undefined && badCertificate.test(cause)) {
    return new NoAnswer('NETWORK', `The certificate of ${host} cannot be trusted (${cause}).`, {
      sent: false,
      advice:
        'Something between you and Dataverse may inspect TLS: give its root certificate to the process (NODE_EXTRA_CA_CERTS).',
    });
  }
  if (cause !== undefined && neverConnected.test(cause)) {
    return new NoAnswer('NETWORK', `No connection to ${host} (${cause}); nothing was sent.`, { sent: false });
  }
  const how = cause === undefined ? '' : ` (${cause})`;
  return new NoAnswer('NETWORK', `The connection to ${host} broke before the answer was complete${how}.`, {
    sent: true,
  });
}

/** The system's code of a failure, looked for in its causes: `ECONNRESET`. Undefined where there is none. */
export function causeCode(thrown: unknown, depth = 0): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || depth > 4) return undefined;
  const { code, cause, errors } = thrown as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  return causeCode(cause, depth + 1) ?? (Array.isArray(errors) ? causeCode(errors[0], depth + 1) : undefined);
}
