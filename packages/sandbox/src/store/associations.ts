import type { Model, Navigation } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';
import { invalidQuery, propertyNotFound, rowNotFound, tableNotFound } from './errors.ts';
import type { EntityReference } from './types.ts';

/** Two rows to be joined or parted: `near` is the one whose navigation is named. */
export interface Association {
  readonly navigation: string;
  readonly near: EntityReference;
  readonly far: EntityReference;
}

type ManyToManyNavigation = Navigation & { readonly kind: 'members' };

function findManyToManyNavigation(
  { navigation: name, near, far }: Association,
  model: Model,
): ManyToManyNavigation {
  const table = model.table(near.table);
  if (!table) throw tableNotFound(near.table);
  const navigation = model.navigation(table, name);
  if (!navigation) throw propertyNotFound(name, table);
  if (navigation.kind !== 'members') throw invalidQuery(`'${name}' is not a many-to-many relationship.`);
  if (navigation.target !== far.table) {
    throw invalidQuery(`'${name}' leads to '${navigation.target}', not to '${far.table}'.`);
  }
  return navigation;
}

/** Adds a pair to an N:N relationship; both rows must exist. A pair that is there already stays. */
export function associate(
  pair: Association,
  { database, model }: { database: Database; model: Model },
): void {
  const { relationship, near, far } = findManyToManyNavigation(pair, model);
  for (const { table: name, id } of [pair.near, pair.far]) {
    const table = model.table(name)!;
    const sql = `SELECT 1 FROM ${quoteIdentifier(name)} WHERE ${quoteIdentifier(table.primaryId)} = ?1`;
    if (!database.get(sql, [id.toLowerCase()])) throw rowNotFound(table, id);
  }
  const columns = `${quoteIdentifier(near.column)}, ${quoteIdentifier(far.column)}`;
  database.run(
    `INSERT OR IGNORE INTO ${quoteIdentifier(relationship.intersect)} (${columns}) VALUES (?1, ?2)`,
    associationIds(pair),
  );
}

/** Takes a pair out of an N:N relationship; one that is not there is no fault. */
export function disassociate(
  pair: Association,
  { database, model }: { database: Database; model: Model },
): void {
  const { relationship, near, far } = findManyToManyNavigation(pair, model);
  const where = `${quoteIdentifier(near.column)} = ?1 AND ${quoteIdentifier(far.column)} = ?2`;
  database.run(`DELETE FROM ${quoteIdentifier(relationship.intersect)} WHERE ${where}`, associationIds(pair));
}

const associationIds = ({ near, far }: Association): string[] => [
  near.id.toLowerCase(),
  far.id.toLowerCase(),
];
