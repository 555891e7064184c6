import { createHash } from 'node:crypto';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { openSqliteFile } from 'dynamics365-connector/node';
import { createQueue } from './queue.ts';
import { hashFunction, sqliteDialect } from './sqlite-dialect.ts';
import type { MirrorSql, MirrorTarget } from './target.ts';

/** Opens or creates a mirror in a SQLite file, which only its owner can read. Throws STORE_FAILED. */
export function openSqliteTarget(file: string): MirrorTarget {
  const { database, guard, close } = openSqliteFile(file, '');
  database.function(hashFunction, { deterministic: true }, (text) =>
    createHash('md5').update(String(text)).digest('hex'),
  );
  const queue = createQueue();
  // The rows of a page are written with the same statement, one after another.
  const latest = { text: '', statement: undefined as StatementSync | undefined };
  const run = <Row>(text: string, values: readonly unknown[] = []): readonly Row[] =>
    guard(() => {
      if (latest.text !== text) {
        latest.statement = database.prepare(text.replaceAll(/\$(\d+)/g, '?$1'));
        latest.text = text;
      }
      return (latest.statement?.all(...values.map(toInput)) ?? []) as Row[];
    });
  const sql: MirrorSql = { query: async (text, values) => run(text, values) };
  return {
    title: `SQLite ${file}`,
    dialect: sqliteDialect,
    query: (text, values) => queue(() => sql.query(text, values)),
    transaction: (work) =>
      queue(async () => {
        run('BEGIN IMMEDIATE');
        try {
          const result = await work(sql);
          run('COMMIT');
          return result;
        } catch (error) {
          if (database.isTransaction) run('ROLLBACK');
          throw error;
        }
      }),
    close: () => queue(async () => close()),
  };
}

function toInput(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue);
}
