import { styleText } from 'node:util';
import { removeControls } from '../model/control-characters.ts';
import type { Log, LogEvent, LogLevel } from '../model/runtime-services.ts';

/** `json`: one JSON object per line. `pretty`: for people. */
export interface LogOptions {
  readonly format: 'json' | 'pretty';
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** Receives one line with its line break. Default: stderr, because stdout is for results. */
  readonly write?: (line: string) => void;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Creates a log that writes lines. */
export function createLog({ format, level, write = toStderr }: LogOptions): Log {
  const minLevel = levels.indexOf(level);
  const print = format === 'json' ? printJson : printPretty;
  return (event) => {
    if (levels.indexOf(event.level) >= minLevel) write(`${print(event)}\n`);
  };
}

function toStderr(line: string): void {
  process.stderr.write(line);
}

function printJson({ level, event, fields }: LogEvent): string {
  return JSON.stringify({ time: new Date().toISOString(), level, event, ...fields });
}

const colors = { debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red' } as const;

function printPretty({ level, event, fields }: LogEvent): string {
  const columns = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? removeControls(value) : JSON.stringify(value)}`,
  );
  return `${styleText(colors[level], level.padEnd(5))} ${event} ${columns.join(' ')}`;
}
