import type { EditableModel } from '../model/create-model.ts';
import type { Attribute, OneToManyRelationship, TableModel } from '../model/types.ts';
import { createCustomTable } from './custom-table.ts';
import type { Database } from './database.ts';
import { DataverseError, invalidArgument } from './errors.ts';
import { requireTable } from './require-table.ts';
import * as schema from './schema-sql.ts';
import type { CustomTable } from './types.ts';

/** One change of the schema. Changes are recorded, so that a reopened file has them again. */
type SchemaChange =
  | { readonly kind: 'table'; readonly table: TableModel }
  | { readonly kind: 'column'; readonly table: string; readonly attribute: Attribute }
  | {
      readonly kind: 'key';
      readonly table: string;
      readonly name: string;
      readonly columns: readonly string[];
    }
  | { readonly kind: 'oneToMany'; readonly relationship: OneToManyRelationship };

const namePattern = /^[a-z][a-z0-9_]{0,99}$/;

/** Adds tables, columns, keys and relationships to the standard ones. Restores those that a file holds. */
export class SchemaEditor {
  readonly #database: Database;
  readonly #model: EditableModel;

  constructor(database: Database, model: EditableModel) {
    this.#database = database;
    this.#model = model;
    for (const { data } of database.all('SELECT "data" FROM "$schema_changes" ORDER BY "sequence"')) {
      this.#apply(JSON.parse(data as string) as SchemaChange);
    }
  }

  addTable(custom: CustomTable): TableModel {
    const name = checkName(custom.logicalName);
    if (this.#model.table(name)) throw nameTaken('entity', name);
    const table = createCustomTable(custom);
    this.#applyAndRecord({ kind: 'table', table }, schema.createTableSql(table));
    return table;
  }

  addColumn(name: string, attribute: Attribute): Attribute {
    const table = this.#requireTable(name);
    if (this.#model.attribute(table, checkName(attribute.logicalName))) {
      throw nameTaken('attribute', attribute.logicalName);
    }
    this.#applyAndRecord({ kind: 'column', table: name, attribute }, schema.addColumnSql(table, attribute));
    return attribute;
  }

  addKey(name: string, logicalName: string, columns: readonly string[]): void {
    const table = this.#requireTable(name);
    const missing = columns.find((column) => !this.#model.attribute(table, column));
    if (missing !== undefined || columns.length === 0) {
      throw invalidArgument(
        `An alternate key of '${name}' must name existing columns. Not found: ${missing ?? '(no column given)'}.`,
      );
    }
    const sql = schema.createKeySql(table, { logicalName: checkName(logicalName), columns });
    this.#applyAndRecord({ kind: 'key', table: name, name: logicalName, columns }, sql);
  }

  addOneToMany(relationship: OneToManyRelationship): void {
    this.#applyAndRecord({ kind: 'oneToMany', relationship }, '');
  }

  #applyAndRecord(change: SchemaChange, sql: string): void {
    this.#database.executeSchema(sql);
    this.#apply(change);
    this.#database.run('INSERT INTO "$schema_changes" ("data") VALUES (?1)', [JSON.stringify(change)]);
  }

  #apply(change: SchemaChange): void {
    switch (change.kind) {
      case 'table':
        this.#model.putTable(change.table);
        return;
      case 'column':
        this.#model.putAttribute(requireTable(this.#model, change.table), change.attribute);
        return;
      case 'key':
        this.#model.putKey(requireTable(this.#model, change.table), {
          logicalName: change.name,
          columns: change.columns,
        });
        return;
      case 'oneToMany':
        this.#model.putOneToMany(change.relationship);
    }
  }

  #requireTable(name: string): TableModel {
    const table = requireTable(this.#model, name);
    if (table.view)
      throw invalidArgument(`'${name}' is a view over other tables and cannot have its own columns.`);
    return table;
  }
}

const nameTaken = (what: string, name: string): DataverseError =>
  new DataverseError(400, '0x80047013', `An ${what} with the name ${name} already exists.`);

const checkName = (name: string): string => {
  if (namePattern.test(name)) return name;
  throw invalidArgument(
    `'${name}' is not a valid logical name. Use a lowercase letter, then lowercase letters, digits and underscores.`,
  );
};
