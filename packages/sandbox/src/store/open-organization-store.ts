import { randomUUID } from 'node:crypto';
import { createStandardModel } from '../model/standard-model.ts';
import { Database } from './database.ts';
import { createOrganizationSql } from './schema-sql.ts';
import { SqliteOrganizationStore } from './sqlite-organization-store.ts';
import type { OrganizationStore } from './types.ts';

/** What a store is opened with. */
export interface OrganizationStoreOptions {
  /** Path of a database file; in memory without. */
  readonly file?: string;
  /** Milliseconds since the epoch; the machine's clock unless told. */
  readonly now?: () => number;
  /** Uniform in [0, 1): the letters of ticket numbers. */
  readonly random?: () => number;
  /** Ids of new rows; random UUIDs unless told. */
  readonly newId?: () => string;
}

/** Opens the database of one organization: new with the standard tables, or as the file holds it. */
export function openOrganizationStore(options: OrganizationStoreOptions = {}): OrganizationStore {
  const database = new Database(options.file ?? ':memory:');
  const model = createStandardModel();
  database.executeSchema(createOrganizationSql(model));
  return new SqliteOrganizationStore({
    database,
    model,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    newId: options.newId ?? randomUUID,
  });
}
