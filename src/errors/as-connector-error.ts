import { ConnectorError } from './connector-error.ts';

/** The error itself, or RESPONSE_INVALID for one that no code of ours foresaw; its words may hold anything, so they stay. */
export function asConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const kind = error instanceof Error ? error.name : typeof error;
  return new ConnectorError('RESPONSE_INVALID', `Something unexpected went wrong (${kind}).`);
}
