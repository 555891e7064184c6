import type { EditableModel } from '../model/create-model.ts';
import type { Attribute, OneToMany, TableModel } from '../model/types.ts';
import { customTable } from './custom-table.ts';
import type { Database } from './database.ts';
import { badArgument, noTable, StoreRefusal } from './refusal.ts';
import * as schema from './schema.ts';
import type { CustomTable } from './types.ts';

/** One thing that a maker did, kept so that a file opens with it. */
type Made =
  | { readonly kind: 'table'; readonly table: TableModel }
  | { readonly kind: 'column'; readonly table: string; readonly attribute: Attribute }
  | {
      readonly kind: 'key';
      readonly table: string;
      readonly name: string;
      readonly columns: readonly string[];
    }
  | { readonly kind: 'oneToMany'; readonly relationship: OneToMany };

const namePattern = /^[a-z][a-z0-9_]{0,99}$/;

/** Adds tables, columns, keys and relationships to the standard ones, and brings back those that a file holds. */
export class Maker {
  readonly #database: Database;
  readonly #model: EditableModel;

  constructor(database: Database, model: EditableModel) {
    this.#database = database;
    this.#model = model;
    for (const { data } of database.all('SELECT "data" FROM "$made" ORDER BY "place"')) {
      this.#enter(JSON.parse(data as string) as Made);
    }
  }

  addTable(custom: CustomTable): TableModel {
    const name = checked(custom.logicalName);
    if (this.#model.table(name)) throw taken('entity', name);
    const table = customTable(custom);
    this.#make({ kind: 'table', table }, schema.createTable(table));
    return table;
  }

  addColumn(name: string, attribute: Attribute): Attribute {
    const table = this.#table(name);
    if (this.#model.attribute(table, checked(attribute.logicalName))) {
      throw taken('attribute', attribute.logicalName);
    }
    this.#make({ kind: 'column', table: name, attribute }, schema.addColumn(table, attribute));
    return attribute;
  }

  addKey(name: string, logicalName: string, columns: readonly string[]): void {
    const table = this.#table(name);
    const missing = columns.find((column) => !this.#model.attribute(table, column));
    if (missing !== undefined || columns.length === 0) {
      throw badArgument(`A key of '${name}' needs columns that exist: ${missing ?? 'none is named'}.`);
    }
    const sql = schema.createKey(table, { logicalName: checked(logicalName), columns });
    this.#make({ kind: 'key', table: name, name: logicalName, columns }, sql);
  }

  addOneToMany(relationship: OneToMany): void {
    this.#make({ kind: 'oneToMany', relationship }, '');
  }

  #make(made: Made, sql: string): void {
    this.#database.define(sql);
    this.#enter(made);
    this.#database.run('INSERT INTO "$made" ("data") VALUES (?1)', [JSON.stringify(made)]);
  }

  #enter(made: Made): void {
    switch (made.kind) {
      case 'table':
        this.#model.putTable(made.table);
        return;
      case 'column':
        this.#model.putAttribute(made.table, made.attribute);
        return;
      case 'key':
        this.#model.putKey(made.table, { logicalName: made.name, columns: made.columns });
        return;
      case 'oneToMany':
        this.#model.putOneToMany(made.relationship);
    }
  }

  #table(name: string): TableModel {
    const table = this.#model.table(name);
    if (!table) throw noTable(name);
    if (table.view) throw badArgument(`'${name}' is made of other tables and has no columns of its own.`);
    return table;
  }
}

const taken = (what: string, name: string): StoreRefusal =>
  new StoreRefusal('0x80047013', 400, `An ${what} with the name ${name} already exists.`);

const checked = (name: string): string => {
  if (namePattern.test(name)) return name;
  throw badArgument(`'${name}' is not a valid name: a letter, then letters, digits and _.`);
};
