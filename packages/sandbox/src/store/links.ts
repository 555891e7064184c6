import type { Model, Navigation } from '../model/types.ts';
import { type Database, quote } from './database.ts';
import { badQuery, noProperty, noRow, noTable } from './refusal.ts';
import type { Reference } from './types.ts';

/** Two rows to be joined or parted: `near` is the one whose navigation is named. */
export interface Pair {
  readonly navigation: string;
  readonly near: Reference;
  readonly far: Reference;
}

type Members = Navigation & { readonly kind: 'members' };

function membersOf({ navigation: name, near, far }: Pair, model: Model): Members {
  const table = model.table(near.table);
  if (!table) throw noTable(near.table);
  const navigation = model.navigation(table, name);
  if (!navigation) throw noProperty(name, table);
  if (navigation.kind !== 'members') throw badQuery(`'${name}' is not a many-to-many relationship.`);
  if (navigation.target !== far.table) {
    throw badQuery(`'${name}' leads to '${navigation.target}', not to '${far.table}'.`);
  }
  return navigation;
}

/** Adds a pair to an N:N relationship; both rows must exist. A pair that is there already stays. */
export function associate(pair: Pair, { database, model }: { database: Database; model: Model }): void {
  const { relationship, near, far } = membersOf(pair, model);
  for (const { table: name, id } of [pair.near, pair.far]) {
    const table = model.table(name)!;
    const sql = `SELECT 1 FROM ${quote(name)} WHERE ${quote(table.primaryId)} = ?1`;
    if (!database.get(sql, [id.toLowerCase()])) throw noRow(table, id);
  }
  const columns = `${quote(near.column)}, ${quote(far.column)}`;
  database.run(
    `INSERT OR IGNORE INTO ${quote(relationship.intersect)} (${columns}) VALUES (?1, ?2)`,
    ids(pair),
  );
}

/** Takes a pair out of an N:N relationship; one that is not there is no fault. */
export function disassociate(pair: Pair, { database, model }: { database: Database; model: Model }): void {
  const { relationship, near, far } = membersOf(pair, model);
  const where = `${quote(near.column)} = ?1 AND ${quote(far.column)} = ?2`;
  database.run(`DELETE FROM ${quote(relationship.intersect)} WHERE ${where}`, ids(pair));
}

const ids = ({ near, far }: Pair): string[] => [near.id.toLowerCase(), far.id.toLowerCase()];
