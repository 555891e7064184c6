import type { Clock } from 'dynamics365-connector';
import { isLoopbackHost } from 'dynamics365-connector/host';
import type { AuthorOptions } from './author/author-options.ts';
import { createLanguageSessions } from './author/language-sessions.ts';
import { loadConsoleAssets } from './console-assets.ts';
import type { ConsoleParts } from './console-parts.ts';
import { createConsoleSessions } from './console-sessions.ts';

/** What a console has besides the pages of operators and testers. */
export interface ConsoleOptions {
  /** The pages that edit a connector of the author's own. They exist only if the service listens on loopback. */
  readonly author?: AuthorOptions;
}

interface ConsoleSurroundings {
  readonly url: string;
  readonly hosts: readonly string[];
  readonly clock: Clock;
}

export async function createConsoleParts(
  { author }: ConsoleOptions,
  { url, hosts, clock }: ConsoleSurroundings,
): Promise<ConsoleParts> {
  let assets: ReturnType<typeof loadConsoleAssets> | undefined;
  const addresses = [url, ...hosts.map((host) => `http://${host}`)];
  const isLoopback = addresses.every((address) => isLoopbackHost(new URL(address).hostname));
  const languages = author && createLanguageSessions(author);
  // Loaded with the console of an author only: it needs the compiler's tools.
  const loaded = author && isLoopback ? await import('./author/author-routes.ts') : undefined;
  return {
    sessions: createConsoleSessions(clock),
    author: author && languages && loaded && { ...author, languages, ...loaded },
    loadAssets() {
      assets ??= loadConsoleAssets();
      return assets;
    },
    close() {
      languages?.closeAll();
      author?.close();
    },
  };
}
