import type { MetadataColumn, MetadataTable } from 'dynamics365-connector';
import type { Attribute, AttributeTarget, OneToManyRelationship } from '../model/types.ts';
import { DataverseError } from '../store/errors.ts';
import type { OrganizationStore } from '../store/types.ts';
import { describeColumn, toAttribute } from './to-attribute.ts';

/** Something of a snapshot that the organization does not have, and why. */
export interface SkippedMetadata {
  /** `new_visit`, or `new_visit.new_route`. */
  readonly name: string;
  readonly reason: string;
}

/**
 * Adds the tables, columns, choices, lookups, relationships and alternate keys of a snapshot that the organization
 * lacks. Columns that it has get the titles, lengths and choices of the snapshot. Loading a snapshot twice changes
 * nothing.
 *
 * @returns what cannot be added
 */
export function loadMetadata(
  store: OrganizationStore,
  tables: readonly MetadataTable[],
): readonly SkippedMetadata[] {
  const skipped = new Map<string, SkippedMetadata>();
  const attempt = (name: string, change: () => void): void => {
    try {
      change();
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      skipped.set(name, { name, reason: error.message });
    }
  };
  for (const table of tables) {
    if (store.model.table(table.name) === undefined) attempt(table.name, () => addTable(store, table));
  }
  const known = tables.filter(({ name }) => store.model.table(name) !== undefined);
  for (const table of known) {
    for (const column of table.columns)
      attempt(`${table.name}.${column.name}`, () => loadColumn(store, table, column));
  }
  for (const table of known) {
    for (const columns of table.alternateKeys)
      attempt(`${table.name}(${columns.join()})`, () => loadKey(store, table, columns));
    for (const name of namesOfManyToMany(table)) attempt(name, () => loadManyToMany(store, name, known));
  }
  return [...skipped.values()];
}

function addTable({ schema }: OrganizationStore, table: MetadataTable): void {
  const { name, entitySet, title, plural, primaryName, key } = table;
  if (key !== `${name}id`)
    throw new DataverseError(400, '0x80040216', `The key "${key}" is not that of a custom table.`);
  schema.addTable({
    logicalName: name,
    set: entitySet,
    displayName: title,
    displayCollectionName: plural,
    primaryName,
    ownership: table.columns.some((column) => column.name === 'ownerid') ? 'UserOwned' : 'OrganizationOwned',
    changeTracking: true,
    attributes: table.columns.filter(isOwnColumn).flatMap((column) => toAttribute(column, table) ?? []),
  });
}

/** Columns that each custom table gets by itself; status reasons come from the snapshot. */
const systemColumns = new Set(['createdon', 'modifiedon', 'overriddencreatedon', 'versionnumber']);

function isOwnColumn({ name }: MetadataColumn, _index: number, columns: readonly MetadataColumn[]): boolean {
  // The amounts in the base currency come with their money columns.
  const isBase = name.endsWith('_base') && columns.some((each) => `${each.name}_base` === name);
  return !systemColumns.has(name) && !isBase && name !== 'exchangerate';
}

function loadColumn(store: OrganizationStore, table: MetadataTable, column: MetadataColumn): void {
  const model = store.model.table(table.name);
  const existing = model && store.model.attribute(model, column.name);
  const attribute = toAttribute(column, table);
  if (existing !== undefined) updateColumn(store, table, { existing, wanted: attribute });
  else if (column.type === 'lookup') addLookup(store, table, column);
  else if (attribute !== undefined) store.schema.addColumn(table.name, attribute);
}

/** Titles, lengths and choices differ from one organization to another; types do not. */
function updateColumn(
  store: OrganizationStore,
  table: MetadataTable,
  { existing, wanted }: { readonly existing: Attribute; readonly wanted: Attribute | undefined },
): void {
  if (wanted === undefined || existing.type !== wanted.type) return;
  const changed: Attribute = {
    ...existing,
    displayName: wanted.displayName,
    maxLength: wanted.maxLength ?? existing.maxLength,
    options: mergeOptions(existing, wanted),
  };
  if (JSON.stringify(changed) !== JSON.stringify(existing)) store.schema.updateColumn(table.name, changed);
}

/** The choices of the snapshot; one that the organization has keeps its color and its default status reason. */
function mergeOptions(existing: Attribute, wanted: Attribute): Attribute['options'] {
  if (wanted.options === undefined) return existing.options;
  return wanted.options.map((option) => ({
    ...existing.options?.find(({ value }) => value === option.value),
    ...option,
  }));
}

/** Tables that the organization lacks stay targets of a lookup: their rows cannot be followed, but ids are kept. */
function addLookup(store: OrganizationStore, table: MetadataTable, column: MetadataColumn): void {
  const targets = table.navigations
    .filter(({ kind, column: lookup }) => kind === 'manyToOne' && lookup === column.name)
    .map(({ target, name }): AttributeTarget => ({ table: target, navigation: name }));
  const attribute: Attribute = {
    ...describeColumn(column),
    logicalName: column.name,
    schemaName: column.name,
    displayName: column.title,
    type: 'Lookup',
    targets,
  };
  const known = targets.filter((target) => store.model.table(target.table) !== undefined);
  const relationships = known.map((target): OneToManyRelationship => {
    const name = `${table.name}_${column.name}_${target.table}`;
    return {
      name,
      referenced: target.table,
      referencing: table.name,
      attribute: column.name,
      collection: name,
    };
  });
  store.schema.addLookup(table.name, attribute, relationships);
}

function loadKey(
  { schema, model }: OrganizationStore,
  table: MetadataTable,
  columns: readonly string[],
): void {
  const existing = model.table(table.name)?.keys ?? [];
  const same = [...columns].sort().join();
  if (existing.some((key) => [...key.columns].sort().join() === same)) return;
  schema.addKey(table.name, { logicalName: `${table.name}_${columns.join('_')}`.slice(0, 100), columns });
}

function namesOfManyToMany({ navigations }: MetadataTable): readonly string[] {
  return navigations.filter(({ kind }) => kind === 'manyToMany').map(({ name }) => name);
}

/** Adds a many-to-many relationship whose two tables name each other with the same navigation property. */
function loadManyToMany(store: OrganizationStore, name: string, tables: readonly MetadataTable[]): void {
  const ends = tables.flatMap((table) =>
    table.navigations
      .filter((navigation) => navigation.kind === 'manyToMany' && navigation.name === name)
      .map(({ target }) => ({ table: table.name, target })),
  );
  const [one, other] = ends;
  if (
    store.model.manyToMany.some((relationship) =>
      relationship.ends.some(({ navigation }) => navigation === name),
    )
  )
    return;
  if (one === undefined || other === undefined || one.table !== other.target || other.table !== one.target)
    throw new DataverseError(400, '0x80060888', 'Its second table is not in the snapshot.');
  store.schema.addManyToMany({
    name,
    intersect: name.toLowerCase(),
    custom: true,
    ends: [
      { table: one.table, column: `${one.table}id`, navigation: name },
      { table: other.table, column: `${other.table}id`, navigation: name },
    ],
  });
}
