import type { Clock } from 'dynamics365-connector';
import { isLoopbackHost } from 'dynamics365-connector/host';
import { loadConsoleAssets } from './console-assets.ts';
import type { ConsoleParts } from './console-parts.ts';
import { createConsoleSessions } from './console-sessions.ts';

/** What a console has besides the pages of an operator. */
// biome-ignore lint/suspicious/noEmptyInterface: the author's folder follows.
export interface ConsoleOptions {}

interface ConsoleSurroundings {
  readonly url: string;
  readonly hosts: readonly string[];
  readonly clock: Clock;
}

export function createConsoleParts(
  _options: ConsoleOptions,
  { url, hosts, clock }: ConsoleSurroundings,
): ConsoleParts {
  let assets: ReturnType<typeof loadConsoleAssets> | undefined;
  const addresses = [url, ...hosts.map((host) => `http://${host}`)];
  return {
    sessions: createConsoleSessions(clock),
    isLoopback: addresses.every((address) => isLoopbackHost(new URL(address).hostname)),
    loadAssets() {
      assets ??= loadConsoleAssets();
      return assets;
    },
  };
}
