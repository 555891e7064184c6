/**
 * Adapters for hosts that run on Node.js: stores, saved connections, clock, log.
 * `import { ... } from 'dynamics365-connector/node'`
 */

import { guardFunctions } from '../errors/guard-functions.ts';
import * as auditLog from './audit-log.ts';
import * as buildManifestModule from './build-manifest.ts';
import * as connectionStore from './connection-store.ts';
import * as createSenderModule from './create-sender.ts';
import * as envConnection from './env-connection.ts';
import * as identity from './identity/index.ts';
import * as log from './log.ts';
import * as loopbackRedirect from './loopback-redirect.ts';
import * as usesProxyModule from './network/uses-proxy.ts';
import * as nodeFetchSender from './node-fetch-sender.ts';
import * as openTelemetryModule from './open-telemetry.ts';
import * as postgres from './postgres.ts';
import * as postgresStore from './postgres-store.ts';
import * as readManifestModule from './read-manifest.ts';
import * as replaceFileTextModule from './replace-file-text.ts';
import * as secretManagers from './secret-managers/index.ts';
import * as services from './services.ts';
import * as sqlite from './sqlite.ts';
import * as sqliteStore from './sqlite-store.ts';

export type { AuditLogOptions } from './audit-log.ts';
export { systemClock } from './clock.ts';
export type { ConnectionSecrets, ConnectionStore, SavedConnection } from './connection-store.ts';
export type { Transport, TransportOptions } from './create-sender.ts';
export type { EnvConnection } from './env-connection.ts';
export type { IdentityChoice } from './identity/identity-source.ts';
export type { IdentityParts } from './identity/index.ts';
export { importOptional } from './import-optional.ts';
export type { Postgres, Sql } from './postgres.ts';
export { oneAtATime } from './postgres-store.ts';
export type { ProcessSettings } from './process-settings.ts';
export type { AwsCredentials } from './secret-managers/ask-manager.ts';
export type { SecretOptions } from './secret-managers/index.ts';
export type { SqliteFile } from './sqlite.ts';
export { type SqliteStore, stateSchemaSqlite } from './sqlite-store.ts';

export const { openAuditLog } = guardFunctions(auditLog);
export const { buildManifest } = guardFunctions(buildManifestModule);
export const { localConnectOptions, openConnectionStore, toApp } = guardFunctions(connectionStore);
export const { createSender } = guardFunctions(createSenderModule);
export const { clientSecretFromEnv, connectionFromEnv } = guardFunctions(envConnection);
export const { managedIdentity, workloadAssertion } = guardFunctions(identity);
export const { createLog } = guardFunctions(log);
export const { openLoopbackRedirect } = guardFunctions(loopbackRedirect);
export const { usesProxy } = guardFunctions(usesProxyModule);
export const { createNodeFetchSender } = guardFunctions(nodeFetchSender);
export const { openTelemetry } = guardFunctions(openTelemetryModule);
export const { openPostgres } = guardFunctions(postgres);
export const { createPostgresTables, openPostgresStore, readEntries, writeEntries } =
  guardFunctions(postgresStore);
export const { readManifest } = guardFunctions(readManifestModule);
export const { replaceFileText } = guardFunctions(replaceFileTextModule);
export const { secretFrom } = guardFunctions(secretManagers);
export const { createNodeServices } = guardFunctions(services);
export const { openSqliteFile } = guardFunctions(sqlite);
export const { createStateStore, openSqliteStore } = guardFunctions(sqliteStore);
