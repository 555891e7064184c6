/**
 * Adapters for hosts that run on Node.js: stores, saved connections, clock, log.
 * `import { ... } from 'dynamics365-connector/node'`
 */
export { systemClock } from './clock.ts';
export {
  type ConnectionSecrets,
  type ConnectionStore,
  localConnectOptions,
  openConnectionStore,
  type SavedConnection,
  toApp,
} from './connection-store.ts';
export { connectionFromEnv, type EnvConnection } from './env-connection.ts';
export { importOptional } from './import-optional.ts';
export { createLog } from './log.ts';
export { openLoopbackRedirect } from './loopback-redirect.ts';
export { readManifestFiles } from './manifest-files.ts';
export { createNodeFetchSender } from './node-fetch-sender.ts';
export { openPostgres, type Postgres, type Sql } from './postgres.ts';
export { createPostgresTables, openPostgresStore, readEntries, writeEntries } from './postgres-store.ts';
export { createNodeServices } from './services.ts';
export { openSqliteFile, type SqliteFile } from './sqlite.ts';
export { createStateStore, openSqliteStore, type SqliteStore, stateSchemaSqlite } from './sqlite-store.ts';
