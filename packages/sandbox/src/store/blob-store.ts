import type { Database } from './database.ts';

/** Something kept: a text, bytes, or both. */
export interface StoredBlob {
  readonly text: string;
  readonly bytes?: Uint8Array;
}

/** Keeps what belongs to an organization and is no row: bytes of files, shares, settings; by kind and key. */
export interface BlobStore {
  get(kind: string, key: string): StoredBlob | undefined;
  put(kind: string, key: string, blob: StoredBlob): void;
  remove(kind: string, key: string): void;
}

export const blobTableSql = `CREATE TABLE IF NOT EXISTS "$kept" (
  "kind" TEXT NOT NULL, "key" TEXT NOT NULL, "text" TEXT NOT NULL, "bytes" BLOB, PRIMARY KEY ("kind", "key")
);`;

/** The shelf of a database. */
export function createBlobStore(database: Database): BlobStore {
  return {
    get(kind, key) {
      const sql = 'SELECT "text", "bytes" FROM "$kept" WHERE "kind" = ?1 AND "key" = ?2';
      const found = database.get(sql, [kind, key]);
      if (!found) return undefined;
      const { text, bytes } = found;
      return { text: text as string, ...(bytes instanceof Uint8Array && { bytes }) };
    },
    put(kind, key, { text, bytes }) {
      const sql = 'INSERT OR REPLACE INTO "$kept" ("kind", "key", "text", "bytes") VALUES (?1, ?2, ?3, ?4)';
      database.run(sql, [kind, key, text, bytes ?? null]);
    },
    remove(kind, key) {
      database.run('DELETE FROM "$kept" WHERE "kind" = ?1 AND "key" = ?2', [kind, key]);
    },
  };
}
