import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { loadDuckdb } from '../../src/target/duckdb-api.ts';
import { openDuckdbTarget } from '../../src/target/duckdb-target.ts';
import { openPostgresTarget } from '../../src/target/postgres-target.ts';
import { openSqliteTarget } from '../../src/target/sqlite-target.ts';
import type { MirrorTarget } from '../../src/target/target.ts';
import type { TargetLocation } from './messages.ts';

/** Opens a target in the process that calls. */
export async function openLocation(location: TargetLocation): Promise<MirrorTarget> {
  if ('file' in location) return openSqliteTarget(location.file);
  if ('postgres' in location) return await openPostgresTarget(location.postgres, 'crm');
  const require = createRequire(join(process.env.D365_DUCKDB ?? '.', 'package.json'));
  const load: typeof loadDuckdb = async () => require('@duckdb/node-api');
  return await openDuckdbTarget(location.duckdb, load);
}
