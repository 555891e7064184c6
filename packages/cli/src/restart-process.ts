import { existsSync } from 'node:fs';
import type { ProcessSettings } from 'dynamics365-connector/node';

/**
 * Starts this program again with other flags of Node.js and variables, in the same process: its id, its standard streams
 * and its signals stay the same. Flags and variables that are already set keep their values. Returns if all flags are set,
 * and where a process cannot be replaced: on Windows, before Node.js 22.15, under the permission model, and as the child of
 * a program that exchanges messages with it. https://nodejs.org/api/process.html#processexecvefile-args-env
 */
export function restartProcess({ flags, env: variables }: ProcessSettings): void {
  const { execve, execPath, execArgv, argv, env, permission } = process;
  const options = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(' ')];
  const isSet = (flag: string) => options.some((option) => nameOf(option) === nameOf(flag));
  const missing = flags.filter((flag) => !isSet(flag));
  const isAllowed = permission === undefined && !process.connected;
  const canRestart = execve !== undefined && isAllowed && existsSync(execPath);
  if (missing.length === 0 || !canRestart) return;
  const args = [execPath, ...execArgv, ...missing, ...argv.slice(1)];
  execve.call(process, execPath, args, { ...variables, ...env });
}

function nameOf(flag: string): string | undefined {
  return flag.split('=', 1)[0];
}
