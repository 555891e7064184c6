/**
 * Adapters for hosts that run on Node.js: stores, saved connections, clock, log.
 * `import { ... } from 'dynamics365-connector/node'`
 */
export { type AuditLogOptions, openAuditLog } from './audit-log.ts';
export { buildManifest } from './build-manifest.ts';
export { systemClock } from './clock.ts';
export {
  type ConnectionSecrets,
  type ConnectionStore,
  localConnectOptions,
  openConnectionStore,
  type SavedConnection,
  toApp,
} from './connection-store.ts';
export { createSender, type Transport, type TransportOptions } from './create-sender.ts';
export { clientSecretFromEnv, connectionFromEnv, type EnvConnection } from './env-connection.ts';
export type { IdentityChoice } from './identity/identity-source.ts';
export { type IdentityParts, managedIdentity, workloadAssertion } from './identity/index.ts';
export { importOptional } from './import-optional.ts';
export { createLog } from './log.ts';
export { openLoopbackRedirect } from './loopback-redirect.ts';
export { usesProxy } from './network/uses-proxy.ts';
export { createNodeFetchSender } from './node-fetch-sender.ts';
export { openTelemetry } from './open-telemetry.ts';
export { openPostgres, type Postgres, type Sql } from './postgres.ts';
export {
  createPostgresTables,
  oneAtATime,
  openPostgresStore,
  readEntries,
  writeEntries,
} from './postgres-store.ts';
export { readManifest } from './read-manifest.ts';
export { replaceFileText } from './replace-file-text.ts';
export type { AwsCredentials } from './secret-managers/ask-manager.ts';
export { type SecretOptions, secretFrom } from './secret-managers/index.ts';
export { createNodeServices } from './services.ts';
export { openSqliteFile, type SqliteFile } from './sqlite.ts';
export { createStateStore, openSqliteStore, type SqliteStore, stateSchemaSqlite } from './sqlite-store.ts';
