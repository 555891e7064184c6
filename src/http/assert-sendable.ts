import { ConnectorError } from '../errors/connector-error.ts';

/** A token (RFC 9110, section 5.6.2) that is no header of the connection itself (section 7.6.1), in lower case. */
const sendableName =
  /^(?!(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$)[!#$%&'*+.^`|~\w-]+$/;

/** No control characters, and only characters that are bytes (RFC 9110, section 5.5). */
const sendableValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Throws INPUT_INVALID for a header that HTTP cannot carry. A sender would refuse it in the middle of a request, and
 * nobody could tell whether something was sent.
 */
export function assertSendable(name: string, value: unknown): void {
  if (sendableName.test(name) && typeof value === 'string' && sendableValue.test(value)) return;
  const message = `The header ${JSON.stringify(name.slice(0, 60))} cannot be sent; nothing was sent.`;
  throw new ConnectorError('INPUT_INVALID', message);
}
