/**
 * Adapters for hosts that run on Node.js: stores, saved connections, clock, log.
 * `import { ... } from 'dynamics365-connector/node'`
 */
export { systemClock } from './clock.ts';
export {
  appOf,
  type ConnectionSecrets,
  type Connections,
  openConnections,
  operatorOptions,
  type SavedConnection,
} from './connections.ts';
export { connectionFromEnv, type EnvConnection } from './env-connection.ts';
export { importOptional } from './import-optional.ts';
export { createLog } from './log.ts';
export { openLoopbackRedirect } from './loopback-redirect.ts';
export { readManifestFiles } from './manifest-files.ts';
export { createNodeFetchSender } from './node-fetch-sender.ts';
export { openPostgres, type Postgres, type Sql } from './postgres.ts';
export { createTables, getMany, openPostgresStore, writeMany } from './postgres-store.ts';
export { openSqliteFile, type SqliteFile } from './sqlite.ts';
export { createStateStore, openSqliteStore, type SqliteStore, stateSchema } from './sqlite-store.ts';
export { createNodeWorld } from './world.ts';
