import type { ApiKey } from '../keys/api-keys.ts';
import { scopes } from '../keys/scopes.ts';
import type { ConsoleAssets } from './console-assets.ts';
import type { ConsoleSessions } from './console-sessions.ts';

/** What the pages of the console work with. */
export interface ConsoleParts {
  readonly sessions: ConsoleSessions;
  /** Read when the console is first opened. */
  readonly loadAssets: () => Promise<ConsoleAssets>;
  /** Whether only programs on this machine reach the service. */
  readonly isLoopback: boolean;
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
