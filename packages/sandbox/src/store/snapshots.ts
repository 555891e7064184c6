import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from 'dynamics365-connector/base';
import { type Database, quoteIdentifier } from './database.ts';

/** Copies of a database, each in a file of a temporary folder. */
export class Snapshots {
  readonly #database: Database;
  readonly #files = new Map<string, string>();
  #folder: string | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Copies everything that is committed. Returns the id of the copy: `snapshot-1`. */
  save(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'sandbox-snapshots-'));
    const id = `snapshot-${this.#files.size + 1}`;
    const file = join(this.#folder, `${id}.sqlite`);
    this.#database.run('VACUUM INTO ?1', [file]);
    this.#files.set(id, file);
    return id;
  }

  /** Replaces everything by the copy, in one transaction. `load` runs in it after the copy. */
  restore(id: string, load: () => void): void {
    const file = this.#files.get(id);
    if (file === undefined) throw unknownSnapshot(id, [...this.#files.keys()]);
    replaceContent(this.#database, { file, load });
  }

  /** Deletes the files. */
  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Replaces all tables, indexes and views of a database by those of a file, in one transaction. */
export function replaceContent(
  database: Database,
  { file, load }: { readonly file: string; readonly load: () => void },
): void {
  // A database cannot be attached or detached inside a transaction.
  database.run(`ATTACH ?1 AS ${snapshotSchema}`, [file]);
  try {
    database.transaction(() => {
      dropContent(database);
      copyContent(database);
      load();
    });
  } finally {
    database.executeSchema(`DETACH ${snapshotSchema}`);
  }
}

const snapshotSchema = '"$snapshot"';

/** Drops all tables and views, with their indexes. */
export function dropContent(database: Database): void {
  for (const kind of ['view', 'table']) {
    const sql = `SELECT "name" FROM main.sqlite_master WHERE "type" = ?1 AND "name" NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
    const names = database.all(sql, [kind]).map(({ name }) => quoteIdentifier(name as string));
    database.executeSchema(names.map((name) => `DROP ${kind} main.${name};`).join('\n'));
  }
}

/** Creates what the snapshot holds. Indexes come after the rows, which is faster. */
function copyContent(database: Database): void {
  for (const kind of ['table', 'index', 'view']) {
    // SQLite creates its own tables and the indexes of UNIQUE constraints by itself; the latter have no SQL.
    const sql = `SELECT "name", "sql" FROM ${snapshotSchema}.sqlite_master WHERE "type" = ?1 AND "sql" IS NOT NULL AND "name" NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
    const found = database.all(sql, [kind]);
    database.executeSchema(found.map((each) => `${each.sql};`).join('\n'));
    if (kind === 'table') for (const { name } of found) copyRows(database, name as string);
  }
}

function copyRows(database: Database, table: string): void {
  const anyRow = `SELECT 1 FROM ${snapshotSchema}.${quoteIdentifier(table)} LIMIT 1`;
  if (database.get(anyRow) === undefined) return;
  // Generated columns are not copied: SQLite computes them.
  const sql = `SELECT "name" FROM pragma_table_xinfo(?1, '$snapshot') WHERE "hidden" = 0`;
  const columns = database.all(sql, [table]).map(({ name }) => quoteIdentifier(name as string));
  const name = quoteIdentifier(table);
  database.executeSchema(
    `INSERT INTO main.${name} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM ${snapshotSchema}.${name};`,
  );
}

function unknownSnapshot(id: string, ids: readonly string[]): ConnectorError {
  const known = ids.length === 0 ? 'There is none yet.' : `Its snapshots: ${ids.join(', ')}.`;
  return new ConnectorError('SETTING_INVALID', `The organization has no snapshot "${id}". ${known}`, {
    advice: 'Use an id that "POST /__sandbox/snapshots" returned since the sandbox started.',
  });
}
