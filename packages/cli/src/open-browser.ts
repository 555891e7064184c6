import { spawn } from 'node:child_process';

/** Opens a URL in the user's browser. Does nothing on a machine without one; callers print the URL as well. */
export function openBrowser(url: string): void {
  const [command, args] = browserCommand(url);
  // The command is missing on machines without a browser; the sign-in goes on with the printed URL.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function browserCommand(url: string): readonly [command: string, args: readonly string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  // `start` of cmd.exe ends the command at an & in the URL; rundll32 does not parse its argument.
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}
