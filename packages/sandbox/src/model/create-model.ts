import { isLookup, odataPropertyName, visibleColumns } from './attribute.ts';
import type {
  AlternateKey,
  Attribute,
  AttributeTarget,
  GlobalChoice,
  LookupColumn,
  ManyToManyRelationship,
  Model,
  ModelData,
  Navigation,
  OneToManyRelationship,
  TableModel,
} from './types.ts';

/** A model that can be changed. Changes are visible at once to everyone who holds the model. */
export interface EditableModel extends Model {
  /** Adds a table, or replaces the one with its name. */
  putTable(table: TableModel): void;
  removeTable(logicalName: string): void;
  /** Adds a column, or replaces the one with its name. */
  putAttribute(table: TableModel, attribute: Attribute): void;
  removeAttribute(table: TableModel, logicalName: string): void;
  /** Adds targets to a lookup. */
  addTarget(table: TableModel, logicalName: string, target: AttributeTarget): void;
  putKey(table: TableModel, key: AlternateKey): void;
  removeKey(table: TableModel, logicalName: string): void;
  putOneToMany(relationship: OneToManyRelationship): void;
  putManyToMany(relationship: ManyToManyRelationship): void;
  /** Removes the one-to-many or many-to-many relationship of this name. */
  removeRelationship(name: string): void;
  /** Adds or replaces a global choice. Columns that use it get its options. */
  putGlobalChoice(choice: GlobalChoice): void;
  removeGlobalChoice(name: string): void;
  /** Returns a function that brings the model back to its current state. */
  checkpoint(): () => void;
}

/** A table with indexes of its columns, computed on first use: most tables are never used. */
class IndexedTable {
  readonly table: TableModel;
  #byLogicalName: ReadonlyMap<string, Attribute> | undefined;
  #byPropertyName: ReadonlyMap<string, Attribute> | undefined;

  constructor(table: TableModel) {
    this.table = table;
  }

  get byLogicalName(): ReadonlyMap<string, Attribute> {
    this.#byLogicalName ??= new Map(this.table.attributes.map((column) => [column.logicalName, column]));
    return this.#byLogicalName;
  }
  get byPropertyName(): ReadonlyMap<string, Attribute> {
    this.#byPropertyName ??= new Map(
      visibleColumns(this.table).map((column) => [odataPropertyName(column), column]),
    );
    return this.#byPropertyName;
  }
}

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

/** Everything that a model consists of. It is replaced with each change, never modified. */
interface ModelState {
  readonly oneToMany: readonly OneToManyRelationship[];
  readonly manyToMany: readonly ManyToManyRelationship[];
  readonly globalChoices: ReadonlyMap<string, GlobalChoice>;
  readonly entries: ReadonlyMap<string, IndexedTable>;
  readonly tableBySetName: ReadonlyMap<string | undefined, string>;
  readonly revision: number;
}

/** What is computed from a state on first use. */
interface Derived {
  tables?: ReadonlyMap<string, TableModel>;
  relationships?: ReadonlyMap<string, readonly OneToManyRelationship[]>;
  /** Navigation properties by table. */
  readonly navigations: Map<string, ReadonlyMap<string, Navigation>>;
  /** Lookups by the table that they can reference. */
  readonly lookups: Map<string, readonly LookupColumn[]>;
  readonly orders: Map<TableModel, readonly Attribute[]>;
}

const nothingDerived = (): Derived => ({ navigations: new Map(), lookups: new Map(), orders: new Map() });

class IndexedModel implements EditableModel {
  #state: ModelState;
  #derived = nothingDerived();

  constructor(data: ModelData) {
    this.#state = {
      oneToMany: data.oneToMany,
      manyToMany: data.manyToMany,
      globalChoices: new Map(),
      entries: new Map(data.tables.map((table) => [table.logicalName, new IndexedTable(table)])),
      tableBySetName: new Map(data.tables.map((table) => [table.set, table.logicalName])),
      revision: 0,
    };
  }

  get oneToMany(): readonly OneToManyRelationship[] {
    return this.#state.oneToMany;
  }
  get manyToMany(): readonly ManyToManyRelationship[] {
    return this.#state.manyToMany;
  }
  get globalChoices(): ReadonlyMap<string, GlobalChoice> {
    return this.#state.globalChoices;
  }
  get revision(): number {
    return this.#state.revision;
  }
  get tables(): ReadonlyMap<string, TableModel> {
    this.#derived.tables ??= new Map([...this.#state.entries].map(([name, { table }]) => [name, table]));
    return this.#derived.tables;
  }
  table(logicalName: string): TableModel | undefined {
    return this.#state.entries.get(logicalName)?.table;
  }
  tableBySet(set: string): TableModel | undefined {
    return this.table(this.#state.tableBySetName.get(set) ?? '');
  }
  attribute(table: TableModel, logicalName: string): Attribute | undefined {
    return this.#state.entries.get(table.logicalName)?.byLogicalName.get(logicalName);
  }
  property(table: TableModel, name: string): Attribute | undefined {
    return this.#state.entries.get(table.logicalName)?.byPropertyName.get(name);
  }
  navigation(table: TableModel, name: string): Navigation | undefined {
    return this.#navigationsOf(table).get(name);
  }
  navigations(table: TableModel): readonly Navigation[] {
    return [...this.#navigationsOf(table).values()];
  }

  lookupsTo(target: TableModel): readonly LookupColumn[] {
    const cached = this.#derived.lookups.get(target.logicalName);
    if (cached) return cached;
    const leadsThere = ({ table }: AttributeTarget) => table === target.logicalName || table === target.base;
    const found = [...this.tables.values()]
      .filter((table) => !table.view)
      .flatMap((table) =>
        table.attributes
          .filter((attribute) => isLookup(attribute) && attribute.targets?.some(leadsThere))
          .map((attribute) => ({ table, attribute })),
      );
    this.#derived.lookups.set(target.logicalName, found);
    return found;
  }
  relationshipsFrom(referencing: string): readonly OneToManyRelationship[] {
    this.#derived.relationships ??= Map.groupBy(this.oneToMany, (each) => each.referencing);
    return this.#derived.relationships.get(referencing) ?? [];
  }

  columnOrder(table: TableModel, sort: () => readonly Attribute[]): readonly Attribute[] {
    const sorted = this.#derived.orders.get(table) ?? sort();
    this.#derived.orders.set(table, sorted);
    return sorted;
  }

  putTable(table: TableModel): void {
    const { entries, tableBySetName } = this.#state;
    this.#change({
      entries: new Map(entries).set(table.logicalName, new IndexedTable(table)),
      tableBySetName: new Map(tableBySetName).set(table.set, table.logicalName),
    });
  }
  removeTable(logicalName: string): void {
    const { entries, tableBySetName } = this.#state;
    this.#change({
      entries: new Map([...entries].filter(([name]) => name !== logicalName)),
      tableBySetName: new Map([...tableBySetName].filter(([, name]) => name !== logicalName)),
    });
  }
  putAttribute(table: TableModel, attribute: Attribute): void {
    const isNew = !this.attribute(table, attribute.logicalName);
    const replaced = table.attributes.map((each) =>
      each.logicalName === attribute.logicalName ? attribute : each,
    );
    this.putTable({ ...table, attributes: isNew ? [...table.attributes, attribute] : replaced });
  }
  removeAttribute(table: TableModel, logicalName: string): void {
    const attributes = table.attributes.filter((each) => each.logicalName !== logicalName);
    this.putTable({ ...table, attributes });
  }
  addTarget(table: TableModel, logicalName: string, target: AttributeTarget): void {
    const attribute = this.attribute(table, logicalName);
    if (!attribute) return;
    this.putAttribute(table, { ...attribute, targets: [...(attribute.targets ?? []), target] });
  }
  putKey(table: TableModel, key: AlternateKey): void {
    this.putTable({ ...table, keys: [...table.keys, key] });
  }
  removeKey(table: TableModel, logicalName: string): void {
    this.putTable({ ...table, keys: table.keys.filter((key) => key.logicalName !== logicalName) });
  }
  putOneToMany(relationship: OneToManyRelationship): void {
    const others = this.oneToMany.filter(({ name }) => name !== relationship.name);
    this.#change({ oneToMany: [...others, relationship] });
  }
  putManyToMany(relationship: ManyToManyRelationship): void {
    this.#change({ manyToMany: [...this.manyToMany, relationship] });
  }
  removeRelationship(name: string): void {
    this.#change({
      oneToMany: this.oneToMany.filter((each) => each.name !== name),
      manyToMany: this.manyToMany.filter((each) => each.name !== name),
    });
  }
  putGlobalChoice(choice: GlobalChoice): void {
    this.#change({ globalChoices: new Map(this.globalChoices).set(choice.name, choice) });
    for (const table of this.tables.values()) {
      if (!table.attributes.some(({ globalChoice }) => globalChoice === choice.name)) continue;
      const attributes = table.attributes.map((attribute) =>
        attribute.globalChoice === choice.name ? { ...attribute, options: choice.options } : attribute,
      );
      this.putTable({ ...table, attributes });
    }
  }
  removeGlobalChoice(name: string): void {
    this.#change({
      globalChoices: new Map([...this.globalChoices].filter(([each]) => each !== name)),
    });
  }
  checkpoint(): () => void {
    const state = this.#state;
    return () => {
      if (this.#state === state) return;
      this.#state = state;
      this.#derived = nothingDerived();
    };
  }

  #change(change: Partial<ModelState>): void {
    this.#state = { ...this.#state, ...change, revision: this.#state.revision + 1 };
    this.#derived = nothingDerived();
  }

  /** The navigation properties of a table and of its base, to tables that exist. Its own win over those of the base. */
  #navigationsOf(table: TableModel): ReadonlyMap<string, Navigation> {
    const cached = this.#derived.navigations.get(table.logicalName);
    if (cached) return cached;
    const owners = table.base === 'crmbaseentity' ? [table.logicalName] : [table.base, table.logicalName];
    const all = [
      ...lookupNavigations(table),
      ...owners.flatMap((owner) => [
        ...oneToManyNavigations(owner, this.oneToMany),
        ...manyToManyNavigations(owner, this.manyToMany),
      ]),
    ].filter(({ target }) => this.#state.entries.has(target));
    const byName = new Map(all.map((navigation) => [navigation.name, navigation]));
    this.#derived.navigations.set(table.logicalName, byName);
    return byName;
  }
}
