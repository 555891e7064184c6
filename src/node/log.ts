import { styleText } from 'node:util';
import type { Log, LogEvent, LogLevel } from '../model/runtime-services.ts';

/** `json`: one object a line, for machines. `pretty`: for people. */
export interface LogOptions {
  readonly format: 'json' | 'pretty';
  /** The least level that is written. */
  readonly level: LogLevel;
  /** Takes one line, its end included; stderr if left out, because stdout belongs to results. */
  readonly write?: (line: string) => void;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A log that writes lines. */
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
  const words = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${styleText(colors[level], level.padEnd(5))} ${event} ${words.join(' ')}`;
}
