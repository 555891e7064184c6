/**
 * Keeps SQLite, PostgreSQL, DuckDB or Parquet equal to tables of an organization.
 * `import { ... } from 'dynamics365-connector-mirror'`
 */
export {
  type MirrorEnvironment,
  type OpenedMirrorFile,
  openMirrorFile,
  openMirrorTarget,
  readMirrorManifest,
} from './config/open-mirror-file.ts';
export { forgetRow } from './forget-row.ts';
export type { TableProgress } from './mirror-loop.ts';
export type { TableChoice } from './plan/plan-table.ts';
export { type MirrorOptions, runMirror, runMirrorOnce } from './run-mirror.ts';
export { readMirrorStatus, type TableStatus } from './status.ts';
export { defaultLimits, type MirrorLimits } from './table/table-context.ts';
export { openDuckdbTarget } from './target/duckdb-target.ts';
export { openParquetTarget } from './target/parquet-target.ts';
export { openPostgresTarget } from './target/postgres-target.ts';
export { openSqliteTarget } from './target/sqlite-target.ts';
export type { Dialect, MirrorSql, MirrorTarget } from './target/target.ts';
export { type TableDifferences, type VerifyOptions, verifyMirror } from './verify.ts';
