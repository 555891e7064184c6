import { spawn } from 'node:child_process';

/** Opens an address in the person's browser, where there is one; the address is printed in any case. */
export function openBrowser(url: string): void {
  const [command, args] = browserCommand(url);
  // A machine without a browser has no such command; that is no fault of the sign-in.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function browserCommand(url: string): readonly [command: string, args: readonly string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  // `start` would take an & in the address for the end of the command; rundll32 has no such grammar.
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}
