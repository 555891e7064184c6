import { ConnectorError, type LogLevel } from 'dynamics365-connector';

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Parses `--log`. SETTING_INVALID for another text. */
export function parseLogLevel(text = 'info'): LogLevel {
  const level = logLevels.find((name) => name === text);
  if (level !== undefined) return level;
  throw new ConnectorError('SETTING_INVALID', `--log must be one of ${logLevels.join(', ')}, not "${text}".`);
}
