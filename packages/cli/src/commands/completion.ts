import { ConnectorError } from 'dynamics365-connector';
import { type CompletionShell, completionScripts } from '../completion-scripts.ts';
import type { CommandContext } from './command-context.ts';

/** `d365 completion <shell>`: prints the script that completes words of `d365` in a shell. */
export default async function completion({ terminal, args }: CommandContext) {
  const [shell = ''] = args;
  if (!Object.hasOwn(completionScripts, shell)) {
    const shells = Object.keys(completionScripts).join(', ');
    throw new ConnectorError('SETTING_INVALID', `The shell must be one of ${shells}, not "${shell}".`);
  }
  terminal.print(completionScripts[shell as CompletionShell].trimEnd());
  return 0;
}
