import { createInterface } from 'node:readline';
import type { Service } from 'dynamics365-connector-service';
import { openBrowser } from './open-browser.ts';
import type { Terminal } from './terminal.ts';

/** Prints the link of the console and opens it in a browser. On a terminal, Enter prints another link. */
export function showConsole(
  terminal: Terminal,
  { createConsoleLink }: Service,
  { open = true }: { readonly open?: boolean },
): void {
  const link = createConsoleLink() ?? '';
  terminal.print(`The console:  ${link}`);
  terminal.printNote('The link opens the console once. Enter prints another one, Ctrl+C stops it.');
  if (terminal.interactive && open) openBrowser(link);
  if (!process.stdin.isTTY) return;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => terminal.print(createConsoleLink() ?? ''));
  // The process ends when the service has stopped, not when nobody can press Enter any more.
  process.stdin.unref();
}
