import { isLookup, isPolymorphic, isText, scaleOf } from '../model/attribute.ts';
import type { Attribute } from '../model/types.ts';
import { quote, type SqlValue } from './database.ts';
import { fits, fromUnits, toUnits } from './decimal.ts';
import { foldedOrNull } from './fold.ts';
import { toStored } from './moment.ts';
import { badArgument } from './refusal.ts';
import type { Reference, Value } from './types.ts';

/** Beside a text column: the folded text, where it is not ASCII. */
const foldName = (name: string): string => quote(`${name}$fold`);
/** Beside a lookup of several tables: the table of the row it points at. */
const tableName = (name: string): string => quote(`${name}$table`);

/** The SQL columns of one Dataverse column with their types. */
export function sqlColumns(attribute: Attribute): readonly (readonly [name: string, type: string])[] {
  const name = attribute.logicalName;
  const columns: [string, string][] = [[quote(name), sqlType(attribute)]];
  if (isText(attribute)) columns.push([foldName(name), 'TEXT']);
  if (isPolymorphic(attribute)) columns.push([tableName(name), 'TEXT']);
  return columns;
}

function sqlType({ type }: Attribute): string {
  switch (type) {
    case 'Double':
      return 'REAL';
    case 'Integer':
    case 'BigInt':
    case 'Decimal':
    case 'Money':
    case 'Boolean':
    case 'Picklist':
    case 'State':
    case 'Status':
      return 'INTEGER';
    default:
      return 'TEXT';
  }
}

/** The values of `sqlColumns` for one value. Refuses what the column cannot hold. */
export function toSql(attribute: Attribute, value: Value): readonly SqlValue[] {
  if (value === null) return sqlColumns(attribute).map(() => null);
  if (isLookup(attribute)) {
    const { id, table } = asReference(attribute, value);
    return isPolymorphic(attribute) ? [id, table] : [id];
  }
  const plain = toPlain(attribute, value);
  return isText(attribute) ? [plain, foldedOrNull(plain as string)] : [plain];
}

function asReference(attribute: Attribute, value: Value): Reference {
  if (value !== null && typeof value === 'object') return { table: value.table, id: value.id.toLowerCase() };
  throw wrongValue(attribute);
}

const wrongValue = (attribute: Attribute) =>
  badArgument(`The value does not fit the column '${attribute.logicalName}' of type ${attribute.type}.`);

function toPlain(attribute: Attribute, value: Value): SqlValue {
  switch (attribute.type) {
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
    case 'BigInt':
      return whole(attribute, value, 0);
    case 'Decimal':
    case 'Money':
      return whole(attribute, value, scaleOf(attribute));
    case 'Double':
      if (typeof value === 'number' || typeof value === 'string') return Number(value);
      break;
    case 'Boolean':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'DateTime': {
      const stored = typeof value === 'string' ? toStored(value, attribute.dateOnly === true) : undefined;
      if (stored) return stored;
      break;
    }
    case 'Uniqueidentifier':
      if (typeof value === 'string') return value.toLowerCase();
      break;
    default:
      if (typeof value === 'string') return value;
  }
  throw wrongValue(attribute);
}

function whole(attribute: Attribute, value: Value, scale: number): bigint {
  const scaled =
    typeof value === 'string' || typeof value === 'number' ? toUnits(`${value}`, scale) : undefined;
  if (!scaled || !fits(scaled.units) || (scale === 0 && !scaled.exact)) throw wrongValue(attribute);
  return scaled.units;
}

/** How one column is read: an SQL expression, and what makes a `Value` of it where SQL does not already. */
export interface Reading {
  readonly sql: string;
  readonly decode?: (raw: SqlValue) => Value;
}

/** Reads a column of the row that `alias` names. */
export function reading(attribute: Attribute, alias: string): Reading {
  const column = `${alias}.${quote(attribute.logicalName)}`;
  if (isLookup(attribute)) return readingOfLookup(attribute, alias, column);
  switch (attribute.type) {
    case 'BigInt':
      return { sql: `CAST(${column} AS TEXT)` };
    case 'Decimal':
    case 'Money':
      return { sql: `CAST(${column} AS TEXT)`, decode: decimal(scaleOf(attribute)) };
    case 'Boolean':
      return { sql: column, decode: (raw) => raw === 1 };
    case 'DateTime':
      return { sql: attribute.dateOnly ? column : `(${column} || 'Z')` };
    default:
      return { sql: column };
  }
}

const decimal = (scale: number) => (raw: SqlValue) => fromUnits(raw as string, scale);

function readingOfLookup(attribute: Attribute, alias: string, column: string): Reading {
  if (!isPolymorphic(attribute)) {
    const table = attribute.targets![0]!.table;
    return { sql: column, decode: (id) => ({ table, id: id as string }) };
  }
  return {
    sql: `(${alias}.${tableName(attribute.logicalName)} || ' ' || ${column})`,
    decode: (raw) => {
      const [table = '', id = ''] = (raw as string).split(' ');
      return { table, id };
    },
  };
}

/** An expression to compare and sort by: text without case and accents, anything else as it is kept. */
export function comparing(attribute: Attribute, alias: string): string {
  const column = `${alias}.${quote(attribute.logicalName)}`;
  if (!isText(attribute)) return column;
  return `coalesce(${alias}.${foldName(attribute.logicalName)}, ${column}) COLLATE NOCASE`;
}

/** The same expression for an index, where there is no alias. */
export function indexing(attribute: Attribute): string {
  const column = quote(attribute.logicalName);
  return isText(attribute)
    ? `coalesce(${foldName(attribute.logicalName)}, ${column}) COLLATE NOCASE`
    : column;
}
