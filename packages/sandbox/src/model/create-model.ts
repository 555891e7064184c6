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

/** A model that can be extended. Changes are visible at once to everyone who holds the model. */
export interface EditableModel extends Model {
  putTable(table: TableModel): void;
  putAttribute(table: TableModel, attribute: Attribute): void;
  putKey(table: TableModel, key: AlternateKey): void;
  putOneToMany(relationship: OneToManyRelationship): void;
}

/** A table with an index of its columns. */
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
      kind: 'oneToMany',
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
      kind: 'manyToMany',
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

/** Creates a model with indexes, so that lookups by name take constant time. */
export const createModel = (data: ModelData): EditableModel => new IndexedModel(data);

class IndexedModel implements EditableModel {
  readonly oneToMany: OneToManyRelationship[];
  readonly manyToMany: readonly ManyToManyRelationship[];
  readonly #entries: Map<string, IndexedTable>;
  readonly #tableBySetName: Map<string | undefined, string>;
  /** Navigation properties by table, computed on first use. */
  readonly #navigations = new Map<string, ReadonlyMap<string, Navigation>>();

  constructor(data: ModelData) {
    this.oneToMany = [...data.oneToMany];
    this.manyToMany = data.manyToMany;
    this.#entries = new Map(data.tables.map((table) => [table.logicalName, indexTable(table)]));
    this.#tableBySetName = new Map(data.tables.map((table) => [table.set, table.logicalName]));
  }

  get tables(): ReadonlyMap<string, TableModel> {
    return new Map([...this.#entries].map(([name, { table }]) => [name, table]));
  }
  table(logicalName: string): TableModel | undefined {
    return this.#entries.get(logicalName)?.table;
  }
  tableBySet(set: string): TableModel | undefined {
    return this.table(this.#tableBySetName.get(set) ?? '');
  }
  attribute(table: TableModel, logicalName: string): Attribute | undefined {
    return this.#entries.get(table.logicalName)?.byLogicalName.get(logicalName);
  }
  property(table: TableModel, name: string): Attribute | undefined {
    return this.#entries.get(table.logicalName)?.byPropertyName.get(name);
  }
  navigation(table: TableModel, name: string): Navigation | undefined {
    return this.#navigationsOf(table).get(name);
  }
  navigations(table: TableModel): readonly Navigation[] {
    return [...this.#navigationsOf(table).values()];
  }

  putTable(table: TableModel): void {
    this.#entries.set(table.logicalName, indexTable(table));
    if (table.set) this.#tableBySetName.set(table.set, table.logicalName);
    this.#navigations.clear();
  }
  putAttribute(table: TableModel, attribute: Attribute): void {
    this.putTable({ ...table, attributes: [...table.attributes, attribute] });
  }
  putKey(table: TableModel, key: AlternateKey): void {
    this.putTable({ ...table, keys: [...table.keys, key] });
  }
  putOneToMany(relationship: OneToManyRelationship): void {
    this.oneToMany.push(relationship);
    this.#navigations.clear();
  }

  /** The navigation properties of a table and of its base, to tables that exist. Its own win over those of the base. */
  #navigationsOf(table: TableModel): ReadonlyMap<string, Navigation> {
    const cached = this.#navigations.get(table.logicalName);
    if (cached) return cached;
    const owners = table.base === 'crmbaseentity' ? [table.logicalName] : [table.base, table.logicalName];
    const all = [
      ...lookupNavigations(table),
      ...owners.flatMap((owner) => [
        ...oneToManyNavigations(owner, this.oneToMany),
        ...manyToManyNavigations(owner, this.manyToMany),
      ]),
    ].filter(({ target }) => this.#entries.has(target));
    const byName = new Map(all.map((navigation) => [navigation.name, navigation]));
    this.#navigations.set(table.logicalName, byName);
    return byName;
  }
}

/** The lookups that can reference rows of a table or of its base. */
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
