import { isLookup, odataPropertyName } from './attribute.ts';
import type {
  AlternateKey,
  Attribute,
  ManyToManyRelationship,
  Model,
  ModelData,
  Navigation,
  OneToManyRelationship,
  TableModel,
} from './types.ts';

/** A model that can still grow; what is added is seen at once by everyone who holds it. */
export interface EditableModel extends Model {
  putTable(table: TableModel): void;
  putAttribute(table: string, attribute: Attribute): TableModel;
  putKey(table: string, key: AlternateKey): TableModel;
  putOneToMany(relationship: OneToManyRelationship): void;
}

/** A table with its names ready for looking up. */
interface IndexedTable {
  readonly table: TableModel;
  readonly byLogicalName: ReadonlyMap<string, Attribute>;
  readonly byPropertyName: ReadonlyMap<string, Attribute>;
}

const indexTable = (table: TableModel): IndexedTable => ({
  table,
  byLogicalName: new Map(table.attributes.map((attribute) => [attribute.logicalName, attribute])),
  byPropertyName: new Map(table.attributes.map((attribute) => [odataPropertyName(attribute), attribute])),
});

const lookupNavigations = (table: TableModel): Navigation[] =>
  table.attributes.flatMap((attribute) =>
    (attribute.targets ?? []).map(
      (target): Navigation => ({
        kind: 'lookup',
        name: target.navigation,
        attribute,
        target: target.table,
      }),
    ),
  );

const oneToManyNavigations = (owner: string, relationships: readonly OneToManyRelationship[]): Navigation[] =>
  relationships
    .filter((relationship) => relationship.referenced === owner)
    .map((relationship) => ({
      kind: 'children',
      name: relationship.collection,
      relationship,
      target: relationship.referencing,
    }));

const manyToManyNavigations = (
  owner: string,
  relationships: readonly ManyToManyRelationship[],
): Navigation[] =>
  relationships.flatMap((relationship) => {
    const [one, other] = relationship.ends;
    const from = (near: typeof one, far: typeof one): Navigation => ({
      kind: 'members',
      name: near.navigation,
      relationship,
      near,
      far,
      target: far.table,
    });
    return [
      ...(one.table === owner ? [from(one, other)] : []),
      ...(other.table === owner ? [from(other, one)] : []),
    ];
  });

/** Puts the names of a model in order, so that each is found in one step. */
export function createModel(data: ModelData): EditableModel {
  const entries = new Map(data.tables.map((table) => [table.logicalName, indexTable(table)]));
  const tableBySetName = new Map(data.tables.map((table) => [table.set, table.logicalName]));
  const oneToMany = [...data.oneToMany];
  let navigations = new Map<string, ReadonlyMap<string, Navigation>>();

  const entry = (name: string): IndexedTable => entries.get(name)!;
  const replaceTable = (table: TableModel): TableModel => {
    entries.set(table.logicalName, indexTable(table));
    if (table.set) tableBySetName.set(table.set, table.logicalName);
    navigations = new Map();
    return table;
  };

  /** A table's own navigations; those of its base where it has none of that name; only to tables that exist. */
  const navigationsOf = (table: TableModel): ReadonlyMap<string, Navigation> => {
    const known = navigations.get(table.logicalName);
    if (known) return known;
    const owners = table.base === 'crmbaseentity' ? [table.logicalName] : [table.base, table.logicalName];
    const all = [
      ...lookupNavigations(table),
      ...owners.flatMap((owner) => [
        ...oneToManyNavigations(owner, oneToMany),
        ...manyToManyNavigations(owner, data.manyToMany),
      ]),
    ].filter(({ target }) => entries.has(target));
    const byName = new Map(all.map((navigation) => [navigation.name, navigation]));
    navigations.set(table.logicalName, byName);
    return byName;
  };

  return {
    get tables() {
      return new Map([...entries].map(([name, { table }]) => [name, table]));
    },
    oneToMany,
    manyToMany: data.manyToMany,
    table: (logicalName) => entries.get(logicalName)?.table,
    tableBySet: (set) => entries.get(tableBySetName.get(set) ?? '')?.table,
    attribute: (table, logicalName) => entry(table.logicalName).byLogicalName.get(logicalName),
    property: (table, name) => entry(table.logicalName).byPropertyName.get(name),
    navigation: (table, name) => navigationsOf(table).get(name),
    navigations: (table) => [...navigationsOf(table).values()],
    putTable: replaceTable,
    putAttribute(name, attribute) {
      const { table } = entry(name);
      return replaceTable({ ...table, attributes: [...table.attributes, attribute] });
    },
    putKey(name, key) {
      const { table } = entry(name);
      return replaceTable({ ...table, keys: [...table.keys, key] });
    },
    putOneToMany(relationship) {
      oneToMany.push(relationship);
      navigations = new Map();
    },
  };
}

/** Columns that point at rows of a table, its base included: where a deleted row may still be named. */
export const findLookupsTo = (
  model: Model,
  target: TableModel,
): { table: TableModel; attribute: Attribute }[] =>
  [...model.tables.values()]
    .filter((table) => !table.view)
    .flatMap((table) =>
      table.attributes
        .filter((attribute) => isLookup(attribute))
        .filter((attribute) =>
          attribute.targets?.some(({ table: to }) => to === target.logicalName || to === target.base),
        )
        .map((attribute) => ({ table, attribute })),
    );
