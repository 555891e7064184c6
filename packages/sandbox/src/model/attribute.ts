import { toWireName } from 'dynamics365-connector/odata';
import type { Attribute, AttributeType, TableModel } from './types.ts';

const lookupTypes: ReadonlySet<AttributeType> = new Set(['Lookup', 'Customer', 'Owner']);
const textTypes: ReadonlySet<AttributeType> = new Set(['String', 'Memo', 'EntityName']);

/** Whether a column is a reference to another row. */
export const isLookup = (attribute: Attribute): boolean => lookupTypes.has(attribute.type);

/** Whether a column holds text; text is compared without case. */
export const isText = (attribute: Attribute): boolean => textTypes.has(attribute.type);

/** The column's name in rows and query options: `title`, `_customerid_value`. */
export const odataPropertyName = (attribute: Attribute): string =>
  toWireName({ name: attribute.logicalName, type: isLookup(attribute) ? 'lookup' : 'other' });

/** Whether a lookup can reference rows of several tables, so that its value also needs a table. */
export const isPolymorphic = (attribute: Attribute): boolean => {
  const tables = new Set(attribute.targets?.map((target) => target.table));
  return (
    isLookup(attribute) && (tables.size !== 1 || tables.has('principal') || tables.has('activitypointer'))
  );
};

/** The columns that clients see. */
export const visibleColumns = ({ attributes, withoutVersion }: TableModel): readonly Attribute[] =>
  withoutVersion ? attributes.filter(({ logicalName }) => logicalName !== 'versionnumber') : attributes;

/** Whether a column holds an image. Its value is the image as base64 text. */
export const isImage = ({ logicalName, image }: Attribute & { readonly image?: boolean }): boolean =>
  image === true || logicalName === 'entityimage';

/** Decimal places of a column: 4 for Money, the precision for Decimal. */
export const decimalScale = (attribute: Attribute): number =>
  attribute.type === 'Money' ? 4 : (attribute.precision ?? 2);

/** Whether column security can protect a column. */
export const isSecurable = ({ type, validForCreate, validForUpdate }: Attribute): boolean =>
  (validForCreate || validForUpdate) && !['Uniqueidentifier', 'State', 'Status', 'Owner'].includes(type);

/** The columns that are read with others: money has the currency of its row. */
export function currencyColumns(table: TableModel, columns: readonly Attribute[]): readonly Attribute[] {
  if (!columns.some(({ type }) => type === 'Money')) return [];
  return table.attributes.filter(({ logicalName }) => logicalName === 'transactioncurrencyid');
}

/** The CSDL type of a column, for example `Edm.Guid` for lookups and `Edm.Int32` for choices. */
export function edmType(attribute: Attribute): string {
  if (isImage(attribute)) return 'Edm.Binary';
  switch (attribute.type) {
    case 'Uniqueidentifier':
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'File':
      return 'Edm.Guid';
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
      return 'Edm.Int32';
    case 'BigInt':
      return 'Edm.Int64';
    case 'Decimal':
    case 'Money':
      return 'Edm.Decimal';
    case 'Double':
      return 'Edm.Double';
    case 'Boolean':
      return 'Edm.Boolean';
    case 'ManagedProperty':
      return 'mscrm.BooleanManagedProperty';
    case 'DateTime':
      return attribute.dateOnly ? 'Edm.Date' : 'Edm.DateTimeOffset';
    default:
      return 'Edm.String';
  }
}
