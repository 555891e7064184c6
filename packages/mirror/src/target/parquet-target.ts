import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { quoteString } from 'dynamics365-connector/host';
import { loadDuckdb } from './duckdb-api.ts';
import { openDuckdbTarget } from './duckdb-target.ts';
import { type MirrorTarget, quoteName } from './target.ts';

/**
 * Opens a mirror whose tables are Parquet files in a folder: `incident.parquet`. Parquet cannot be changed in place, so the
 * rows are kept in a DuckDB file in the folder, and a file is written anew when its table has changed. Readers never see
 * half of a file.
 *
 * @throws PACKAGE_MISSING without the package @duckdb/node-api, STORE_FAILED if the folder cannot be used
 */
export async function openParquetTarget(folder: string, load = loadDuckdb): Promise<MirrorTarget> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = await openDuckdbTarget(join(folder, 'mirror.duckdb'), load);
  const written = new Map<string, string>();
  return {
    ...target,
    title: `Parquet ${folder}`,
    async publish(tables) {
      for (const table of tables) {
        const version = await fingerprint(target, table);
        if (written.get(table) === version) continue;
        await writeFile(target, table, folder);
        written.set(table, version);
      }
    },
  };
}

/** Changes with every write to a table: rows that are written have a new time, and rows that are removed count. */
async function fingerprint(target: MirrorTarget, table: string): Promise<string> {
  const [row] = await target.query<object>(
    `SELECT count(*) AS rows, max(_synced_at) AS synced, max(_deleted_at) AS deleted, bit_xor(hash(_hash)) AS cells FROM ${quoteName(table)}`,
  );
  return JSON.stringify(row);
}

async function writeFile(target: MirrorTarget, table: string, folder: string): Promise<void> {
  const file = join(folder, `${table}.parquet`);
  const temporary = `${file}.new`;
  try {
    await target.query(
      `COPY (FROM ${quoteName(`${table}_labeled`)}) TO ${quoteString(temporary)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
