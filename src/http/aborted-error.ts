import { ConnectorError } from '../errors/connector-error.ts';

/** The caller canceled the call. */
export function abortedError(): ConnectorError {
  return new ConnectorError('ABORTED', 'The caller canceled the call.');
}
