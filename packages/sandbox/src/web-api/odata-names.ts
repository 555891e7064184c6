import type { Attribute, TableModel } from '../model/types.ts';
import type { ColumnValue } from '../store/types.ts';
import { toRawNumber } from './exact-json.ts';

/** A column's value as JSON: decimals with all their digits, a lookup as its id. */
export function toJsonValue(attribute: Attribute, value: ColumnValue): unknown {
  if (value === null) return null;
  if (typeof value === 'object') return value.id;
  const digits = attribute.type === 'Money' || attribute.type === 'Decimal' || attribute.type === 'BigInt';
  return digits ? toRawNumber(String(value)) : value;
}

/** The entity set of a table; tables without one are never addressed. */
export function entitySetName(table: TableModel): string {
  return table.set ?? `${table.logicalName}s`;
}

/** `Microsoft.Dynamics.CRM.account` */
export function entityTypeName(table: TableModel): string {
  return `Microsoft.Dynamics.CRM.${table.logicalName}`;
}
