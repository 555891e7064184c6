import { ConnectorError } from './connector-error.ts';

/**
 * Returns a ConnectorError as it is, and converts any other error to RESPONSE_INVALID. The message of the other error is
 * omitted, because it can contain secrets or row values.
 */
export function asConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const kind = nameOf(error);
  return new ConnectorError('RESPONSE_INVALID', `An unexpected error occurred (${kind}).`);
}

/** What is thrown can be anything, also a proxy whose traps throw. */
export function nameOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.name) : typeof error;
  } catch {
    return 'an error that cannot be read';
  }
}
