import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { constant } from '../constant.ts';
import { createModel } from '../model/create-model.ts';
import { readStandardTables } from '../model/standard-model.ts';
import { Database } from './database.ts';
import { createOrganizationSql } from './schema-sql.ts';
import { SqliteOrganizationStore } from './sqlite-organization-store.ts';
import type { OrganizationStore } from './types.ts';

/** Options of an organization's store. */
export interface OrganizationStoreOptions {
  /** Path of a database file. Default: in memory. */
  readonly file?: string;
  /** A connection to use instead of one to `file`. The store closes it. */
  readonly connection?: DatabaseSync;
  /** Milliseconds since the epoch. Default: the system clock. */
  readonly now?: () => number;
  /** A number in [0, 1) for ticket numbers. Default: `Math.random`. */
  readonly random?: () => number;
  /** Creates the id of a new row. Default: random UUIDs. */
  readonly newId?: () => string;
}

/** The statements that create the standard tables. */
const createStandardSql = constant(() => createOrganizationSql(createModel(readStandardTables())));

/** Opens the database of an organization, or creates it with the standard tables. */
export function openOrganizationStore(options: OrganizationStoreOptions = {}): OrganizationStore {
  const database = new Database(options.connection ?? options.file ?? ':memory:');
  const standardTables = readStandardTables();
  database.executeSchema(createStandardSql());
  return new SqliteOrganizationStore({
    database,
    createModel: () => createModel(standardTables),
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    newId: options.newId ?? randomUUID,
  });
}
