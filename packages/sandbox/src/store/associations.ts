import { guidOfNames } from '../guid.ts';
import type { Model, Navigation } from '../model/types.ts';
import { quoteIdentifier, type SqlValue, type StoreContext } from './database.ts';
import { invalidQuery, propertyNotFound, rowNotFound } from './errors.ts';
import { requireTable } from './require-table.ts';
import type { EntityReference } from './types.ts';

/** Two rows of a many-to-many relationship; `navigation` is a navigation property of `near`. */
export interface Association {
  readonly navigation: string;
  readonly near: EntityReference;
  readonly far: EntityReference;
}

/** What adding a pair needs. */
interface AssociationContext extends StoreContext {
  readonly nextVersion: () => bigint;
}

type ManyToManyNavigation = Navigation & { readonly kind: 'manyToMany' };

function findManyToManyNavigation(
  { navigation: name, near, far }: Association,
  model: Model,
): ManyToManyNavigation {
  const table = requireTable(model, near.table);
  const navigation = model.navigation(table, name);
  if (!navigation) throw propertyNotFound(name, table);
  if (navigation.kind !== 'manyToMany') throw invalidQuery(`'${name}' is not a many-to-many relationship.`);
  if (navigation.target !== far.table) {
    throw invalidQuery(`'${name}' leads to '${navigation.target}', not to '${far.table}'.`);
  }
  return navigation;
}

/** Adds a pair to a many-to-many relationship. Both rows must exist. An existing pair is kept. */
export function associate(pair: Association, { database, model, nextVersion }: AssociationContext): void {
  const { relationship, near, far } = findManyToManyNavigation(pair, model);
  for (const { table: name, id } of [pair.near, pair.far]) {
    const table = requireTable(model, name);
    const sql = `SELECT 1 FROM ${quoteIdentifier(name)} WHERE ${quoteIdentifier(table.primaryId)} = ?1`;
    if (!database.get(sql, [id.toLowerCase()])) throw rowNotFound(table, id);
  }
  const ids = associationIds(pair);
  const columns = [quoteIdentifier(near.column), quoteIdentifier(far.column)];
  const values: SqlValue[] = [...ids];
  const table = model.table(relationship.intersect);
  if (table) {
    columns.push(quoteIdentifier(table.primaryId), '"versionnumber"');
    values.push(guidOfNames(table.logicalName, ...ids.toSorted()), nextVersion());
  }
  const marks = values.map(() => '?').join(', ');
  const name = quoteIdentifier(relationship.intersect);
  database.run(`INSERT OR IGNORE INTO ${name} (${columns.join(', ')}) VALUES (${marks})`, values);
}

/** Removes a pair from a many-to-many relationship. A missing pair is not an error. */
export function disassociate(pair: Association, { database, model }: StoreContext): void {
  const { relationship, near, far } = findManyToManyNavigation(pair, model);
  const where = `${quoteIdentifier(near.column)} = ?1 AND ${quoteIdentifier(far.column)} = ?2`;
  database.run(`DELETE FROM ${quoteIdentifier(relationship.intersect)} WHERE ${where}`, associationIds(pair));
}

const associationIds = ({ near, far }: Association): string[] => [
  near.id.toLowerCase(),
  far.id.toLowerCase(),
];
