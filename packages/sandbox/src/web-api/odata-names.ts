import { crmNamespace } from 'dynamics365-connector/odata';
import type { Attribute, TableModel } from '../model/types.ts';
import type { ColumnValue } from '../store/types.ts';
import { toRawNumber } from './exact-json.ts';

/** A column value as JSON: decimals with the digits that Dataverse writes, a lookup as its id. */
export function toJsonValue(attribute: Attribute, value: ColumnValue): unknown {
  if (value === null) return null;
  if (typeof value === 'object') return value.id;
  switch (attribute.type) {
    case 'Money':
    case 'Decimal':
      return toRawNumber(padDecimals(String(value), attribute.logicalName === 'exchangerate' ? 12 : 10));
    case 'BigInt':
      return toRawNumber(String(value));
    case 'ManagedProperty':
      return {
        Value: value,
        CanBeChanged: true,
        ManagedPropertyLogicalName: managedName(attribute.logicalName),
      };
    default:
      return value;
  }
}

const managedName = (column: string): string =>
  column === 'iscustomizable' ? 'iscustomizableanddeletable' : column;

/** `20000.0000` with 10 places is `20000.0000000000`. */
function padDecimals(digits: string, places: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  return `${whole}.${fraction.padEnd(places, '0')}`;
}

/** The entity set name of a table. */
export function entitySetName(table: TableModel): string {
  return table.set ?? `${table.logicalName}s`;
}

/** The qualified type name, for example `Microsoft.Dynamics.CRM.account`. */
export function entityTypeName(table: Pick<TableModel, 'logicalName'>): string {
  return `${crmNamespace}${table.logicalName}`;
}
