import { decimalScale, isLookup, isPolymorphic, isText } from '../model/attribute.ts';
import type { Attribute } from '../model/types.ts';
import { quoteIdentifier, type SqlValue } from './database.ts';
import { toStoredDateTime } from './date-time.ts';
import { fitsInt64, fromUnits, toUnits } from './decimal.ts';
import { invalidArgument } from './errors.ts';
import { foldNonAscii } from './fold-text.ts';
import type { ColumnValue, EntityReference } from './types.ts';

/** The column next to a text column that holds its folded text, if that is not ASCII. */
const foldColumnName = (name: string): string => quoteIdentifier(`${name}$fold`);
/** The column next to a polymorphic lookup that holds the table of the referenced row. */
export const lookupTableColumnName = (name: string): string => quoteIdentifier(`${name}$table`);

/** The SQL columns of a column, with their types. */
export function sqlColumns(attribute: Attribute): readonly (readonly [name: string, type: string])[] {
  const name = attribute.logicalName;
  const columns: [string, string][] = [[quoteIdentifier(name), sqlType(attribute)]];
  if (isText(attribute)) columns.push([foldColumnName(name), 'TEXT']);
  if (isPolymorphic(attribute)) columns.push([lookupTableColumnName(name), 'TEXT']);
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
    case 'ManagedProperty':
    case 'Picklist':
    case 'State':
    case 'Status':
      return 'INTEGER';
    default:
      return 'TEXT';
  }
}

/** The values of `sqlColumns` for a column value. Rejects values that do not fit the column. */
export function toSqlValues(attribute: Attribute, value: ColumnValue): readonly SqlValue[] {
  if (value === null) return sqlColumns(attribute).map(() => null);
  if (isLookup(attribute)) {
    const { id, table } = toEntityReference(attribute, value);
    return isPolymorphic(attribute) ? [id, table] : [id];
  }
  const plain = toSqlValue(attribute, value);
  return isText(attribute) ? [plain, foldNonAscii(plain as string)] : [plain];
}

function toEntityReference(attribute: Attribute, value: ColumnValue): EntityReference {
  if (value !== null && typeof value === 'object') return { table: value.table, id: value.id.toLowerCase() };
  throw invalidValue(attribute);
}

const invalidValue = (attribute: Attribute) =>
  invalidArgument(`The value does not fit the column '${attribute.logicalName}' of type ${attribute.type}.`);

function toSqlValue(attribute: Attribute, value: ColumnValue): SqlValue {
  switch (attribute.type) {
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
    case 'BigInt':
      return toScaledInteger(attribute, value, 0);
    case 'Decimal':
    case 'Money':
      return toScaledInteger(attribute, value, decimalScale(attribute));
    case 'Double':
      if (typeof value === 'number' || typeof value === 'string') return Number(value);
      break;
    case 'Boolean':
    case 'ManagedProperty':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'DateTime': {
      const stored =
        typeof value === 'string' ? toStoredDateTime(value, attribute.dateOnly === true) : undefined;
      if (stored) return stored;
      break;
    }
    case 'Uniqueidentifier':
      if (typeof value === 'string') return value.toLowerCase();
      break;
    default:
      if (typeof value === 'string') return value;
  }
  throw invalidValue(attribute);
}

function toScaledInteger(attribute: Attribute, value: ColumnValue, scale: number): bigint {
  const scaled =
    typeof value === 'string' || typeof value === 'number' ? toUnits(`${value}`, scale) : undefined;
  if (!scaled || !fitsInt64(scaled.units) || (scale === 0 && !scaled.exact)) throw invalidValue(attribute);
  return scaled.units;
}

/** How a column is read: an SQL expression, and a function that converts its result if necessary. */
export interface ColumnReader {
  readonly sql: string;
  readonly decode?: (raw: SqlValue) => ColumnValue;
}

/** The reader of a column of the table with this alias. */
export function createColumnReader(attribute: Attribute, alias: string): ColumnReader {
  const column = `${alias}.${quoteIdentifier(attribute.logicalName)}`;
  if (isLookup(attribute)) return createLookupReader(attribute, alias, column);
  switch (attribute.type) {
    case 'BigInt':
      return { sql: `CAST(${column} AS TEXT)` };
    case 'Decimal':
    case 'Money':
      return { sql: `CAST(${column} AS TEXT)`, decode: decodeDecimal(decimalScale(attribute)) };
    case 'Boolean':
    case 'ManagedProperty':
      return { sql: column, decode: (raw) => raw === 1 };
    case 'DateTime':
      return { sql: attribute.dateOnly ? column : `(${column} || 'Z')` };
    default:
      return { sql: column };
  }
}

const decodeDecimal = (scale: number) => (raw: SqlValue) => fromUnits(raw as string, scale);

function createLookupReader(attribute: Attribute, alias: string, column: string): ColumnReader {
  const [target] = attribute.targets ?? [];
  if (target && !isPolymorphic(attribute)) {
    const { table } = target;
    return { sql: column, decode: (id) => ({ table, id: id as string }) };
  }
  return {
    sql: `(${alias}.${lookupTableColumnName(attribute.logicalName)} || ' ' || ${column})`,
    decode: (raw) => {
      const [table = '', id = ''] = (raw as string).split(' ');
      return { table, id };
    },
  };
}

/** An expression to compare and sort by: text without case and accents, other values as they are stored. */
export function comparableSql(attribute: Attribute, alias: string): string {
  const column = `${alias}.${quoteIdentifier(attribute.logicalName)}`;
  if (!isText(attribute)) return column;
  return `coalesce(${alias}.${foldColumnName(attribute.logicalName)}, ${column}) COLLATE NOCASE`;
}

/** The same expression without an alias, for an index. */
export function indexableSql(attribute: Attribute): string {
  const column = quoteIdentifier(attribute.logicalName);
  return isText(attribute)
    ? `coalesce(${foldColumnName(attribute.logicalName)}, ${column}) COLLATE NOCASE`
    : column;
}
