import { ConnectorError, type ErrorDetails } from '../errors/connector-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

/** An attempt that brought no complete answer. `sent`: the request may have reached the organization. */
export class TransportError extends ConnectorError {
  readonly maybeSent: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { maybeSent: boolean }) {
    const { maybeSent, ...rest } = details;
    super(code, message, rest);
    this.maybeSent = maybeSent;
  }
}

// Codes of libuv and OpenSSL that come before the first byte of a request.
const neverConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
const badCertificate =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/;

/** What a sender threw, rebuilt: the cause's code is kept, its message (which may quote the URL) is not. */
export function toTransportError(host: string, error: unknown): TransportError {
  const cause = causeCode(error);
  if (cause !== undefined && badCertificate.test(cause)) {
    return new TransportError('NETWORK', `The certificate of ${host} cannot be trusted (${cause}).`, {
      maybeSent: false,
      advice:
        'Something between you and Dataverse may inspect TLS: give its root certificate to the process (NODE_EXTRA_CA_CERTS).',
    });
  }
  if (cause !== undefined && neverConnected.test(cause)) {
    return new TransportError('NETWORK', `No connection to ${host} (${cause}); nothing was sent.`, {
      maybeSent: false,
    });
  }
  const how = cause === undefined ? '' : ` (${cause})`;
  return new TransportError(
    'NETWORK',
    `The connection to ${host} broke before the answer was complete${how}.`,
    {
      maybeSent: true,
    },
  );
}

/** The system's code of a failure, looked for in its causes: `ECONNRESET`. Undefined where there is none. */
export function causeCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  return causeCode(cause, depth + 1) ?? (Array.isArray(errors) ? causeCode(errors[0], depth + 1) : undefined);
}
