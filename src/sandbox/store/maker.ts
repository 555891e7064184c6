import type { EditableModel } from '../model/create-model.ts';
import type { Attribute, OneToMany, TableModel } from '../model/types.ts';
import { customTable } from './custom-table.ts';
import type { Database } from './database.ts';
import { badArgument, noTable, StoreRefusal } from './refusal.ts';
import * as schema from './schema.ts';
import type { Store } from './types.ts';

type Making = Pick<Store, 'addTable' | 'addColumn' | 'addKey' | 'addOneToMany'>;

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

/** Tables, columns, keys and relationships that are added to the standard ones. */
export function maker(database: Database, model: EditableModel): Making {
  const tableOf = (name: string): TableModel => {
    const table = model.table(name);
    if (!table) throw noTable(name);
    return table;
  };
  const apply = (made: Made, define: (sql: () => string) => void): void => {
    switch (made.kind) {
      case 'table':
        model.putTable(made.table);
        define(() => schema.createTable(made.table));
        return;
      case 'column':
        define(() => schema.addColumn(tableOf(made.table), made.attribute));
        model.putAttribute(made.table, made.attribute);
        return;
      case 'key': {
        const key = { logicalName: made.name, columns: made.columns };
        define(() => schema.createKey(tableOf(made.table), key));
        model.putKey(made.table, key);
        return;
      }
      case 'oneToMany':
        model.putOneToMany(made.relationship);
    }
  };
  const make = (made: Made): void => {
    apply(made, (sql) => database.define(sql()));
    database.run('INSERT INTO "$made" ("data") VALUES (?1)', [JSON.stringify(made)]);
  };
  for (const { data } of database.all('SELECT "data" FROM "$made" ORDER BY "place"')) {
    apply(JSON.parse(data as string) as Made, () => {});
  }
  return {
    addTable(custom) {
      if (model.table(checked(custom.logicalName))) {
        throw new StoreRefusal(
          '0x80047013',
          400,
          `An entity with the name ${custom.logicalName} already exists.`,
        );
      }
      make({ kind: 'table', table: customTable(custom) });
      return tableOf(custom.logicalName);
    },
    addColumn(name, attribute) {
      if (model.attribute(tableOf(name), checked(attribute.logicalName))) {
        throw new StoreRefusal(
          '0x80047013',
          400,
          `An attribute with the name ${attribute.logicalName} already exists.`,
        );
      }
      make({ kind: 'column', table: name, attribute });
      return attribute;
    },
    addKey(name, key, columns) {
      const missing = columns.find((column) => !model.attribute(tableOf(name), column));
      if (missing || columns.length === 0)
        throw badArgument(`A key of '${name}' needs columns that exist: ${missing}.`);
      make({ kind: 'key', table: name, name: checked(key), columns });
    },
    addOneToMany(relationship) {
      make({ kind: 'oneToMany', relationship });
    },
  };
}

const checked = (name: string): string => {
  if (!namePattern.test(name))
    throw badArgument(`'${name}' is not a valid name: a letter, then letters, digits and _.`);
  return name;
};
