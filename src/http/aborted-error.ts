import { ConnectorError } from '../errors/connector-error.ts';

/** The caller cancelled the call. */
export function abortedError(): ConnectorError {
  return new ConnectorError('ABORTED', 'The caller cancelled the call.');
}
