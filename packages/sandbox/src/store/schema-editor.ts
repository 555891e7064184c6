import type { EditableModel } from '../model/create-model.ts';
import type {
  AlternateKey,
  Attribute,
  GlobalChoice,
  ManyToManyRelationship,
  OneToManyRelationship,
  TableModel,
} from '../model/types.ts';
import { partyLink, regardingRelationships, toActivity } from './custom-activity.ts';
import { type CustomTable, createCustomTable } from './custom-table.ts';
import { type Database, isSqliteError } from './database.ts';
import { invalidArgument } from './errors.ts';
import { moneyCompanions } from './money-companions.ts';
import type { OrganizationSchema } from './organization-schema.ts';
import { requireTable } from './require-table.ts';
import { addTablePrivileges, removeTablePrivileges } from './role-privileges.ts';
import { applySchemaChange, type SchemaChange, type TableProperties } from './schema-change.ts';
import { componentInUse, notCustom } from './schema-errors.ts';
import * as rules from './schema-rules.ts';
import * as sql from './schema-sql.ts';
import { activityLinks, columnShareLink, noteLinks, type TableLink } from './table-links.ts';

/** Writes each change to the database and to the model, and records it. Restores the changes that a file holds. */
export class SchemaEditor implements OrganizationSchema {
  readonly #database: Database;
  readonly #model: EditableModel;
  readonly #nextVersion: () => bigint;

  constructor(database: Database, model: EditableModel, nextVersion: () => bigint) {
    this.#nextVersion = nextVersion;
    this.#database = database;
    this.#model = model;
    for (const { data } of database.all('SELECT "data" FROM "$schema_changes" ORDER BY "sequence"')) {
      applySchemaChange(model, JSON.parse(data as string) as SchemaChange);
    }
  }

  addTable(custom: CustomTable): TableModel {
    const plain = createCustomTable(custom);
    const table = custom.isActivity ? toActivity(this.#model, plain) : plain;
    rules.checkNewTable(this.#model, table);
    this.#applyAndRecord({ kind: 'table', table }, sql.createTableSql(table));
    for (const attribute of custom.attributes ?? []) {
      if (attribute.type === 'Money') this.#addMoneyCompanions(table.logicalName, attribute);
    }
    this.#addLinks(table, { hasNotes: table.hasNotes, hasActivities: custom.hasActivities });
    this.#connect([columnShareLink(table)]);
    if (custom.isActivity) this.#addActivity(table);
    addTablePrivileges(table, { database: this.#database, nextVersion: this.#nextVersion });
    return requireTable(this.#model, table.logicalName);
  }

  /** Adds an activity to the view of all activities, with its parties and the collections of what it regards. */
  #addActivity(table: TableModel): void {
    this.#database.executeSchema(sql.createActivityViewSql(this.#model));
    this.#connect([partyLink(table)]);
    for (const relationship of regardingRelationships(this.#model, table)) this.addOneToMany(relationship);
  }

  updateTable(name: string, properties: TableProperties): void {
    const table = requireTable(this.#model, name);
    this.#applyAndRecord({ kind: 'tableProperties', table: name, properties });
    this.#addLinks(table, {
      hasNotes: properties.hasNotes && !table.hasNotes,
      hasActivities: properties.hasActivities && !table.hasActivities,
    });
  }

  removeTable(name: string): void {
    const table = requireTable(this.#model, name);
    if (!table.custom) throw notCustom('Entity', name);
    const users = rules.findLookupUsers(this.#model, table);
    if (users.length > 0) throw componentInUse('Entity', name, users.length);
    for (const { name: relationship, ends } of this.#model.manyToMany) {
      if (ends.some((end) => end.table === name)) this.removeRelationship(relationship);
    }
    if (table.base === 'activitypointer') this.#removeParties(name);
    for (const { table: other, attribute } of rules.findSharedLookups(this.#model, table)) {
      const targets = attribute.targets?.filter((target) => target.table !== name);
      const change = {
        kind: 'column',
        table: other.logicalName,
        attribute: { ...attribute, targets },
      } as const;
      this.#applyAndRecord(change, sql.clearReferencesSql(other, attribute, name));
    }
    for (const relationship of this.#model.oneToMany) {
      if (relationship.referenced !== name && relationship.referencing !== name) continue;
      this.#applyAndRecord({ kind: 'relationshipRemoved', name: relationship.name });
    }
    removeTablePrivileges(table, this.#database);
    this.#applyAndRecord({ kind: 'tableRemoved', table: name }, sql.dropTableSql(table));
    if (table.base === 'activitypointer') {
      this.#database.executeSchema(sql.createActivityViewSql(this.#model));
    }
  }

  #removeParties(activity: string): void {
    this.#database.run('DELETE FROM "activityparty" WHERE "activityid$table" = ?1', [activity]);
  }

  addColumn(name: string, definition: Attribute): Attribute {
    const table = rules.requireWritableTable(this.#model, name);
    const attribute = { ...definition, custom: true };
    rules.checkNewColumn(this.#model, table, attribute);
    this.#applyAndRecord({ kind: 'column', table: name, attribute }, sql.addColumnSql(table, attribute));
    if (attribute.type === 'Money') this.#addMoneyCompanions(name, attribute);
    return attribute;
  }

  updateColumn(name: string, attribute: Attribute): void {
    const existing = rules.requireColumn(this.#model, name, attribute.logicalName);
    if (existing.type !== attribute.type) {
      throw invalidArgument(
        `The type of the column '${attribute.logicalName}' is ${existing.type} and cannot be changed.`,
      );
    }
    this.#applyAndRecord({ kind: 'column', table: name, attribute });
  }

  removeColumn(name: string, column: string): void {
    const table = rules.requireWritableTable(this.#model, name);
    const attribute = rules.requireColumn(this.#model, name, column);
    rules.checkColumnRemoval(table, attribute);
    for (const relationship of this.#model.oneToMany) {
      if (relationship.referencing !== name || relationship.attribute !== column) continue;
      this.#applyAndRecord({ kind: 'relationshipRemoved', name: relationship.name });
    }
    this.#applyAndRecord({ kind: 'columnRemoved', table: name, column }, sql.dropColumnSql(table, attribute));
    const base = this.#model.attribute(table, `${column}_base`);
    if (attribute.type === 'Money' && base) this.removeColumn(name, base.logicalName);
  }

  addKey(name: string, key: AlternateKey): void {
    const table = rules.requireWritableTable(this.#model, name);
    rules.checkNewKey(this.#model, table, key);
    const { logicalName, ...rest } = key;
    const change = { kind: 'key', table: name, name: logicalName, ...rest } as const;
    try {
      this.#applyAndRecord(change, sql.createKeySql(table, key));
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      // Rows have the same values: as in Dataverse, the key exists and its index has failed.
      this.#applyAndRecord({ ...change, failed: true });
    }
  }

  reactivateKey(name: string, logicalName: string): void {
    const key = rules.requireKey(requireTable(this.#model, name), logicalName);
    if (!key.failed) return;
    this.removeKey(name, logicalName);
    this.addKey(name, { ...key, failed: undefined });
  }

  removeKey(name: string, logicalName: string): void {
    const key = rules.requireKey(requireTable(this.#model, name), logicalName);
    this.#applyAndRecord({ kind: 'keyRemoved', table: name, name: logicalName }, sql.dropKeySql(name, key));
  }

  addOneToMany(relationship: OneToManyRelationship): void {
    this.#applyAndRecord({ kind: 'oneToMany', relationship });
  }

  addLookup(name: string, attribute: Attribute, relationships: readonly OneToManyRelationship[]): void {
    for (const relationship of relationships) {
      rules.checkNewOneToMany(this.#model, relationship, attribute);
    }
    this.addColumn(name, attribute);
    for (const relationship of relationships) this.addOneToMany(relationship);
  }

  addManyToMany(relationship: ManyToManyRelationship): void {
    rules.checkNewManyToMany(this.#model, relationship);
    this.#applyAndRecord({ kind: 'manyToMany', relationship }, sql.createIntersectSql(relationship));
  }

  removeRelationship(name: string): void {
    const { lookup, manyToMany } = rules.requireCustomRelationship(this.#model, name);
    if (manyToMany) {
      this.#applyAndRecord({ kind: 'relationshipRemoved', name }, sql.dropIntersectSql(manyToMany));
    } else if (lookup) this.removeColumn(lookup.referencing, lookup.attribute);
  }

  putGlobalChoice(choice: GlobalChoice): void {
    this.#applyAndRecord({ kind: 'choice', choice });
  }

  removeGlobalChoice(name: string): void {
    const users = rules.findChoiceUsers(this.#model, name);
    if (users > 0) throw componentInUse('OptionSet', name, users);
    this.#applyAndRecord({ kind: 'choiceRemoved', name });
  }

  /** Lets notes and activities reference the rows of a table. */
  #addLinks(table: TableModel, { hasNotes, hasActivities }: Pick<TableModel, 'hasNotes' | 'hasActivities'>) {
    const links = [
      ...(hasNotes ? noteLinks(table) : []),
      ...(hasActivities ? activityLinks(this.#model, table) : []),
    ];
    this.#connect(links);
  }

  #connect(links: readonly TableLink[]): void {
    for (const { relationship, navigation } of links) {
      const { referencing, attribute: column, referenced } = relationship;
      const target = { table: referenced, navigation };
      this.#applyAndRecord({ kind: 'target', table: referencing, column, target });
      this.addOneToMany(relationship);
    }
  }

  #addMoneyCompanions(name: string, attribute: Attribute): void {
    for (const companion of moneyCompanions(requireTable(this.#model, name), attribute)) {
      this.addColumn(name, companion);
    }
  }

  #applyAndRecord(change: SchemaChange, statements = ''): void {
    if (statements !== '') this.#database.executeSchema(statements);
    applySchemaChange(this.#model, change);
    this.#database.run('INSERT INTO "$schema_changes" ("data") VALUES (?1)', [JSON.stringify(change)]);
  }
}
