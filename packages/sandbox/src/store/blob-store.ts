import type { Database } from './database.ts';

/** A stored value: a text and optional bytes. */
export interface StoredBlob {
  readonly text: string;
  readonly bytes?: Uint8Array;
}

/** Stores data of an organization that is not in rows (bytes of files, shares, settings), by kind and key. */
export interface BlobStore {
  get(kind: string, key: string): StoredBlob | undefined;
  put(kind: string, key: string, blob: StoredBlob): void;
  remove(kind: string, key: string): void;
}

export const blobTableSql = `CREATE TABLE IF NOT EXISTS "$blobs" (
  "kind" TEXT NOT NULL, "key" TEXT NOT NULL, "text" TEXT NOT NULL, "bytes" BLOB, PRIMARY KEY ("kind", "key")
);`;

/** The blob store of a database. */
export function createBlobStore(database: Database): BlobStore {
  return {
    get(kind, key) {
      const sql = 'SELECT "text", "bytes" FROM "$blobs" WHERE "kind" = ?1 AND "key" = ?2';
      const found = database.get(sql, [kind, key]);
      if (!found) return undefined;
      const { text, bytes } = found;
      return { text: text as string, bytes: bytes instanceof Uint8Array ? bytes : undefined };
    },
    put(kind, key, { text, bytes }) {
      const sql = 'INSERT OR REPLACE INTO "$blobs" ("kind", "key", "text", "bytes") VALUES (?1, ?2, ?3, ?4)';
      database.run(sql, [kind, key, text, bytes ?? null]);
    },
    remove(kind, key) {
      database.run('DELETE FROM "$blobs" WHERE "kind" = ?1 AND "key" = ?2', [kind, key]);
    },
  };
}
