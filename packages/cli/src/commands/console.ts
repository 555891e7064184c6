import type { CommandContext } from './command-context.ts';
import serve from './serve.ts';

/** Another port than that of `d365 serve`, so that both can run. */
const consolePort = '9480';

/** `d365 console`: the service on this machine with the pages of the console, which a browser opens by a one-time link. */
export default async function openConsole({
  terminal,
  args,
  options,
}: CommandContext<{ readonly port?: string }>): Promise<number> {
  const { port = consolePort } = options;
  return await serve({ terminal, args, options: { ...options, port, console: true, consoleOnly: true } });
}
