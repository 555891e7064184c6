/**
 * Keeps SQLite, PostgreSQL, DuckDB or Parquet equal to tables of an organization.
 * `import { ... } from 'dynamics365-connector-mirror'`
 */

import { guardFunctions } from 'dynamics365-connector/host';
import * as openMirrorFileModule from './config/open-mirror-file.ts';
import * as forgetRowModule from './forget-row.ts';
import * as mirrorRunner from './mirror-runner.ts';
import * as runMirrorModule from './run-mirror.ts';
import * as status from './status.ts';
import * as duckdbTarget from './target/duckdb-target.ts';
import * as parquetTarget from './target/parquet-target.ts';
import * as postgresTarget from './target/postgres-target.ts';
import * as sqliteTarget from './target/sqlite-target.ts';
import * as verify from './verify.ts';

export type { MirrorEnvironment, OpenedMirrorFile } from './config/open-mirror-file.ts';
export type { TableProgress } from './mirror-loop.ts';
export type { MirrorOptions } from './mirror-options.ts';
export { mirrorProcessSettings } from './mirror-process.ts';
export type { MirrorRunner, MirrorState } from './mirror-runner.ts';
export type { TableChoice } from './plan/plan-table.ts';
export type { TableStatus } from './status.ts';
export { defaultLimits, type MirrorLimits } from './table/table-context.ts';
export type { Dialect, MirrorSql, MirrorTarget } from './target/target.ts';
export type { TableDifferences, VerifyOptions } from './verify.ts';

export const { openMirrorFile, openMirrorTarget, readMirrorManifest } = guardFunctions(openMirrorFileModule);
export const { forgetRow } = guardFunctions(forgetRowModule);
export const { createMirrorRunner } = guardFunctions(mirrorRunner);
export const { runMirror, runMirrorOnce } = guardFunctions(runMirrorModule);
export const { readMirrorStatus } = guardFunctions(status);
export const { openDuckdbTarget } = guardFunctions(duckdbTarget);
export const { openParquetTarget } = guardFunctions(parquetTarget);
export const { openPostgresTarget } = guardFunctions(postgresTarget);
export const { openSqliteTarget } = guardFunctions(sqliteTarget);
export const { verifyMirror } = guardFunctions(verify);
