import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConnectorError } from 'dynamics365-connector';
import { createValidator, parseDurationMs, readSource } from 'dynamics365-connector/authoring';
import {
  type AnyConnector,
  type Connection,
  omitUndefined,
  openConnection,
  runtimeOf,
} from 'dynamics365-connector/host';
import { type ConnectionStore, connectionFromEnv } from 'dynamics365-connector/node';
import type { MirrorOptions } from '../mirror-options.ts';
import type { TableChoice } from '../plan/plan-table.ts';
import { openDuckdbTarget } from '../target/duckdb-target.ts';
import { openParquetTarget } from '../target/parquet-target.ts';
import { openPostgresTarget } from '../target/postgres-target.ts';
import { openSqliteTarget } from '../target/sqlite-target.ts';
import type { MirrorTarget } from '../target/target.ts';
import { checkMirrorFile } from './check-mirror-file.ts';
import type { MirrorFile, TableYaml, TargetYaml } from './mirror-file.ts';

/** What a mirror file refers to. */
export interface MirrorEnvironment {
  readonly connector: AnyConnector;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly savedConnections: Pick<ConnectionStore, 'open'>;
}

/** The settings of a mirror file, with its connection and its target open. The caller closes the target. */
export type OpenedMirrorFile = Pick<MirrorOptions, 'connection' | 'target' | 'tables' | 'everyMs' | 'limits'>;

const defaultEveryMs = 30_000;
const defaultSchema = 'dynamics365';

/**
 * Opens the connection and the target of a mirror file. Sends no request to the organization.
 *
 * @throws ConnectorError SETTING_INVALID with all diagnostics of the file; PACKAGE_MISSING, STORE_FAILED of the target
 */
export async function openMirrorFile(
  file: string,
  environment: MirrorEnvironment,
): Promise<OpenedMirrorFile> {
  const settings = await readMirrorFile(file, environment);
  const connection = await openMirrorConnection(settings.connection, environment);
  const target = await openTarget(settings.target, dirname(resolve(file)), environment.env);
  return { connection, target, ...toOptions(settings) };
}

/** Opens the target alone: for the status, and to remove rows. */
export async function openMirrorTarget(file: string, environment: MirrorEnvironment): Promise<MirrorTarget> {
  const settings = await readMirrorFile(file, environment);
  return await openTarget(settings.target, dirname(resolve(file)), environment.env);
}

/** The folder of the manifest that a mirror file names; undefined if it names none, or if it is not YAML. */
export async function readMirrorManifest(file: string): Promise<string | undefined> {
  const context = { validator: createValidator(), diagnostics: new Map() };
  const data = readSource('mirror', file, await readText(file), context)?.data as
    | Partial<MirrorFile>
    | undefined;
  return typeof data?.manifest === 'string' ? resolve(dirname(file), data.manifest) : undefined;
}

async function readMirrorFile(
  file: string,
  { connector, env }: Pick<MirrorEnvironment, 'connector' | 'env'>,
): Promise<MirrorFile> {
  const { definition, validator } = runtimeOf(connector);
  const text = await readText(file);
  const { settings, diagnostics } = checkMirrorFile(file, text, { definition, validator, env });
  if (settings !== undefined) return settings;
  const count = diagnostics.length === 1 ? 'one error' : `${diagnostics.length} errors`;
  throw new ConnectorError('SETTING_INVALID', `${file} has ${count}.`, {
    diagnostics,
    advice: 'Correct the lines above. docs/mirror.md describes the file.',
  });
}

async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`, {
      advice: 'Name the file with --config. docs/mirror.md has an example.',
    });
  });
}

async function openMirrorConnection(
  yaml: MirrorFile['connection'],
  { connector, env, savedConnections }: MirrorEnvironment,
): Promise<Connection> {
  if ('env' in yaml) {
    const { settings, credential } = connectionFromEnv(env, yaml.env);
    return openConnection(runtimeOf(connector), settings, credential, {});
  }
  const { saved, credential, options } = await savedConnections.open(yaml.saved);
  return openConnection(runtimeOf(connector), saved.settings, credential, options);
}

/** Opens a target. Paths are relative to the folder of the file. */
async function openTarget(
  { sqlite, postgres, schema = defaultSchema, duckdb, parquet }: TargetYaml,
  folder: string,
  env: MirrorEnvironment['env'],
): Promise<MirrorTarget> {
  if (sqlite !== undefined) return openSqliteTarget(resolve(folder, sqlite));
  if (postgres !== undefined) return await openPostgresTarget(env[postgres.env] ?? '', schema);
  if (duckdb !== undefined) return await openDuckdbTarget(resolve(folder, duckdb));
  return await openParquetTarget(resolve(folder, parquet ?? '.'));
}

function toOptions({
  tables,
  every,
  overlap,
  compareEvery,
}: MirrorFile): Omit<OpenedMirrorFile, 'connection' | 'target'> {
  const duration = (text: string | undefined) => (text === undefined ? undefined : parseDurationMs(text));
  return {
    tables: new Map(Object.entries(tables).map(([name, yaml]) => [name, toChoice(yaml ?? {})])),
    everyMs: duration(every) ?? defaultEveryMs,
    limits: omitUndefined({ overlapMs: duration(overlap), walkEveryMs: duration(compareEvery) }),
  };
}

function toChoice({ keepDeleted, ...choice }: TableYaml): TableChoice {
  return keepDeleted === undefined ? choice : { ...choice, keepDeletedMs: parseDurationMs(keepDeleted) };
}
