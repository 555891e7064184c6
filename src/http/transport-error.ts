import { ConnectorError, type ErrorDetails } from '../errors/connector-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

/** An attempt without a complete response. `maybeSent`: the request may have reached the organization. */
export class TransportError extends ConnectorError {
  /** The inherited `instanceof` accepts every ConnectorError, and their attempts would be retried. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return ConnectorError.is(error) && 'maybeSent' in error;
  }

  readonly maybeSent: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails & { maybeSent: boolean }) {
    const { maybeSent, ...rest } = details;
    super(code, message, rest);
    this.maybeSent = maybeSent;
  }
}

// Codes of libuv and of our senders for failures before the first byte of the request was sent.
const neverConnected =
  /^(CONNECT_\w+|ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
// https://nodejs.org/api/tls.html#x509-certificate-error-codes
const badCertificate =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|(ERROR_IN_)?(CERT|CRL)_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|UNSPECIFIED)$/;

// Codes of Node.js and undici for a request that they refuse to write.
const neverWritten = /^(ERR_(HTTP_)?INVALID_|ERR_UNESCAPED_|UND_ERR_(INVALID_ARG|NOT_SUPPORTED))/;

/** Whether the code of an error tells that nothing of the request was sent. */
export function tellsNothingSent(code: string): boolean {
  return neverConnected.test(code) || badCertificate.test(code);
}

/** Converts an error of a sender. The system's error code is kept; the message is not, because it may contain the URL. */
export function toTransportError(host: string, error: unknown): ConnectorError {
  const cause = causeCode(error);
  if (cause !== undefined && badCertificate.test(cause)) {
    return new TransportError('NETWORK', `The certificate of ${host} is not trusted (${cause}).`, {
      maybeSent: false,
      advice:
        'If a proxy inspects TLS, add its root certificate with NODE_EXTRA_CA_CERTS or the option caCertificates.',
    });
  }
  if (cause !== undefined && neverWritten.test(cause)) {
    return new ConnectorError('INPUT_INVALID', `The request cannot be sent (${cause}); nothing was sent.`);
  }
  if (cause !== undefined && neverConnected.test(cause)) {
    return new TransportError('NETWORK', `No connection to ${host} (${cause}); nothing was sent.`, {
      maybeSent: false,
    });
  }
  const suffix = cause === undefined ? '' : ` (${cause})`;
  const message = `The connection to ${host} broke before the response was complete${suffix}.`;
  return new TransportError('NETWORK', message, { maybeSent: true });
}

/** Returns the system's error code (`ECONNRESET`) of an error or of its causes, or undefined. */
export function causeCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  // OpenSSL has slashes in codes: ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE.
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_/]{2,60}$/.test(code)) return code.replaceAll('/', '_');
  return causeCode(cause, depth + 1) ?? (Array.isArray(errors) ? causeCode(errors[0], depth + 1) : undefined);
}
