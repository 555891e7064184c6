import { randomUUID } from 'node:crypto';
import { standardModel } from '../model/standard-model.ts';
import { Database } from './database.ts';
import { createOrganisation } from './schema.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Store } from './types.ts';

/** What a store is opened with. */
export interface StoreOptions {
  /** Path of a database file; in memory without. */
  readonly file?: string;
  /** Milliseconds since the epoch; the machine's clock unless told. */
  readonly now?: () => number;
  /** Uniform in [0, 1): the letters of ticket numbers. */
  readonly random?: () => number;
  /** Ids of new rows; random UUIDs unless told. */
  readonly newId?: () => string;
}

/** Opens the database of one organisation: new with the standard tables, or as the file holds it. */
export function openStore(options: StoreOptions = {}): Store {
  const database = new Database(options.file ?? ':memory:');
  const model = standardModel();
  database.define(createOrganisation(model));
  return new SqliteStore({
    database,
    model,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    newId: options.newId ?? randomUUID,
  });
}
