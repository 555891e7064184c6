import type { ApiKey } from '../keys/api-keys.ts';
import { scopes } from '../keys/scopes.ts';
import type { AuthorParts, createAuthorRoutes } from './author/author-routes.ts';
import type { ConsoleAssets } from './console-assets.ts';
import type { ConsoleSessions } from './console-sessions.ts';

/** What the pages of the console work with. */
export interface ConsoleParts {
  readonly sessions: ConsoleSessions;
  /** Read when the console is first opened. */
  readonly loadAssets: () => Promise<ConsoleAssets>;
  /** Absent without a folder of an author, and when other machines can reach the service. */
  readonly author?: AuthorParts & { readonly createAuthorRoutes: typeof createAuthorRoutes };
  close(): void;
}

/** The key of a console session: who runs the console may do everything. It is never stored. */
export const consoleKey: ApiKey = {
  id: 'console',
  name: 'Console',
  scopes,
  connections: ['*'],
  returnOrigins: [],
  createdAt: new Date(0).toISOString(),
};
