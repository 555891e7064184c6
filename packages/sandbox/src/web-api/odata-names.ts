import { crmNamespace } from 'dynamics365-connector/odata';
import type { Attribute, TableModel } from '../model/types.ts';
import type { ColumnValue } from '../store/types.ts';
import { toRawNumber } from './exact-json.ts';

/** A column value as JSON: decimals with all digits, a lookup as its id. */
export function toJsonValue(attribute: Attribute, value: ColumnValue): unknown {
  if (value === null) return null;
  if (typeof value === 'object') return value.id;
  const digits = attribute.type === 'Money' || attribute.type === 'Decimal' || attribute.type === 'BigInt';
  return digits ? toRawNumber(String(value)) : value;
}

/** The entity set name of a table. */
export function entitySetName(table: TableModel): string {
  return table.set ?? `${table.logicalName}s`;
}

/** The qualified type name, for example `Microsoft.Dynamics.CRM.account`. */
export function entityTypeName(table: TableModel): string {
  return `${crmNamespace}${table.logicalName}`;
}
