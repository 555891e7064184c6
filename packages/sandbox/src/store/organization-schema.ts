import type {
  AlternateKey,
  Attribute,
  GlobalChoice,
  ManyToManyRelationship,
  OneToManyRelationship,
  TableModel,
} from '../model/types.ts';
import type { CustomTable } from './custom-table.ts';
import type { TableProperties } from './schema-change.ts';

/** Adds, changes and removes tables, columns, keys, relationships and choices. Changes are visible at once. */
export interface OrganizationSchema {
  /** Adds a custom table. Its key, name, owner and time columns are added automatically. */
  addTable(custom: CustomTable): TableModel;
  updateTable(name: string, properties: TableProperties): void;
  /** Removes a custom table and its rows. Rejects tables that lookups of other tables need. */
  removeTable(name: string): void;

  /** Adds a column; a money column brings its currency and its amount in the base currency. */
  addColumn(name: string, definition: Attribute): Attribute;
  /** Replaces the definition of a column. Its type stays. */
  updateColumn(name: string, attribute: Attribute): void;
  /** Removes a custom column and its values. Rejects the primary columns and those of an alternate key. */
  removeColumn(name: string, column: string): void;

  addKey(name: string, key: AlternateKey): void;
  /** Creates the index of a failed key again. */
  reactivateKey(table: string, logicalName: string): void;
  removeKey(name: string, logicalName: string): void;

  /** Adds a collection for an existing lookup, or replaces the relationship of this name. */
  addOneToMany(relationship: OneToManyRelationship): void;
  /** Adds a lookup and its relationships, one for each target. */
  addLookup(name: string, attribute: Attribute, relationships: readonly OneToManyRelationship[]): void;
  addManyToMany(relationship: ManyToManyRelationship): void;
  /** Removes a custom relationship: with its lookup, or with its intersect table. */
  removeRelationship(name: string): void;

  /** Adds a global choice, or replaces its definition. Columns that use it get its options. */
  putGlobalChoice(choice: GlobalChoice): void;
  /** Removes a global choice that no column uses. */
  removeGlobalChoice(name: string): void;
}
