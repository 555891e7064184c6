import { omitUndefined } from 'dynamics365-connector/host';
import type { Attribute, OneToManyRelationship, TableModel } from '../../src/model/types.ts';
import type { RealRelationship, RealTables } from './real-tables.ts';

const deleteBehaviors = {
  Cascade: 'cascade',
  Restrict: 'restrict',
  NoCascade: 'noCascade',
  RemoveLink: undefined,
} as const;

/** Lookups that the system writes; deleting the row that they reference changes nothing. */
const systemLookups = /^(created|modified)(on)?(behalf)?by$|^own(erid|ing(user|team|businessunit))$/;

/**
 * The relationships with the cascades of real metadata, and those between known tables that were missing. Where real
 * metadata has no cascade, the relationship keeps its own, and references to currencies restrict the deletion.
 */
export function refineRelationships(
  relationships: readonly OneToManyRelationship[],
  tables: ReadonlyMap<string, TableModel>,
  real: RealTables,
): readonly OneToManyRelationship[] {
  const found = realRelationships(tables, real);
  const byColumn = new Map(found.map((each) => [columnKey(each), each]));
  const byCollection = new Map(found.map((each) => [collectionKey(each), each]));
  const refined = relationships.map((each) =>
    refine(each, byCollection.get(collectionKey(each)) ?? byColumn.get(columnKey(each))),
  );
  const known = new Set(relationships.map(collectionKey));
  const missing = found
    .filter((each) => !known.has(collectionKey(each)))
    .filter((each) => isReference(findColumn(tables, each), each.referenced))
    .map(({ name, referenced, collection, referencing, attribute, cascade }) =>
      refine({ name, referenced, collection, referencing, attribute }, { cascade }),
    );
  return [...refined, ...missing];
}

function refine(
  relationship: OneToManyRelationship,
  found: Pick<RealRelationship, 'cascade'> | undefined,
): OneToManyRelationship {
  const cascade = found?.cascade;
  const onDelete = cascade?.delete ? deleteBehaviors[cascade.delete] : ruledBehavior(relationship);
  const parental = cascade ? cascade.assign === 'Cascade' && onDelete === 'cascade' : undefined;
  return omitUndefined({ ...relationship, onDelete, parental: parental || undefined });
}

function ruledBehavior({
  attribute,
  referencing,
  onDelete,
}: OneToManyRelationship): OneToManyRelationship['onDelete'] {
  // An activity is deleted with the row that it regards; the view of all activities has no rows of its own.
  if (attribute === 'regardingobjectid' && /^(recurring|incidentres|opportunityc)/.test(referencing)) {
    return 'cascade';
  }
  if (attribute === 'transactioncurrencyid') return 'restrict';
  return systemLookups.test(attribute) ? 'noCascade' : onDelete;
}

/** The relationships of both ends between tables of the model, each one once. */
function realRelationships(tables: ReadonlyMap<string, TableModel>, real: RealTables): RealRelationship[] {
  const all = Object.values(real).flatMap(({ oneToMany = [], manyToOne = [] }) => [
    ...oneToMany,
    ...manyToOne,
  ]);
  const known = all.filter(
    ({ collection, referenced, referencing }) =>
      collection && tables.has(referenced) && tables.has(referencing),
  );
  return [...new Map(known.map((each) => [each.name, each])).values()];
}

const collectionKey = ({ referenced, collection }: OneToManyRelationship | RealRelationship): string =>
  `${referenced}.${collection.toLowerCase()}`;
const columnKey = ({ referenced, referencing, attribute }: OneToManyRelationship | RealRelationship) =>
  `${referenced}.${referencing}.${attribute}`;

const findColumn = (tables: ReadonlyMap<string, TableModel>, { referencing, attribute }: RealRelationship) =>
  tables.get(referencing)?.attributes.find(({ logicalName }) => logicalName === attribute);

const isReference = (column: Attribute | undefined, referenced: string): boolean =>
  column?.targets?.some(({ table }) => table === referenced) ?? false;
