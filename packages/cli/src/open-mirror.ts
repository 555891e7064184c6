import type { Log } from 'dynamics365-connector';
import { type ConnectionStore, createLog, openConnectionStore } from 'dynamics365-connector/node';
import { type MirrorEnvironment, readMirrorManifest } from 'dynamics365-connector-mirror';
import { chooseManifest } from './choose-manifest.ts';
import type { MirrorCommandContext } from './commands/mirror-command-context.ts';
import { loadSendingConnector } from './load-sending-connector.ts';
import { parseLogLevel } from './parse-log-level.ts';

/** What a mirror file is opened with. */
export interface MirrorFileAccess {
  readonly file: string;
  readonly environment: MirrorEnvironment;
  readonly log: Log;
}

/** Gives `work` what it needs to open the mirror file of the command line. */
export async function withMirrorFile<T>(
  { options }: MirrorCommandContext,
  work: (access: MirrorFileAccess) => Promise<T>,
): Promise<T> {
  const file = options.config ?? 'mirror.yaml';
  const manifest = chooseManifest(options.manifest, await readMirrorManifest(file), file);
  const log = createLog({
    format: process.stderr.isTTY ? 'pretty' : 'json',
    level: parseLogLevel(options.log ?? 'warn'),
  });
  const savedConnections: ConnectionStore = await openConnectionStore();
  try {
    const connector = await loadSendingConnector({ manifest, store: savedConnections.store, log });
    return await work({ file, log, environment: { connector, env: process.env, savedConnections } });
  } finally {
    savedConnections.close();
  }
}
