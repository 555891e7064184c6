import { ConnectorError } from 'dynamics365-connector';

/**
 * Parses a port number.
 *
 * @param flag the flag that has the value, for the error: `--http`
 * @throws ConnectorError SETTING_INVALID if the text is not a whole number from `min` to `max`
 */
export function parsePort(flag: string, text: string, { min = 0, max = 65_535 } = {}): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= min && port <= max) return port;
  throw new ConnectorError('SETTING_INVALID', `${flag} must be a port from ${min} to ${max}, not "${text}".`);
}
