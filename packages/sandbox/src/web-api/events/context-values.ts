import { isImage } from '../../model/attribute.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { toReference } from '../../store/entity-reference.ts';
import type { ColumnValue, ColumnValues, EntityReference, OrganizationStore } from '../../store/types.ts';
import { createDisplayNames } from '../display-names.ts';
import { formatValue } from '../format-value.ts';
import { defaultFormat } from '../user-format.ts';

/** A member of a collection: Dataverse writes collections as lists of keys and values. */
export interface KeyValue {
  readonly key: string;
  readonly value: unknown;
}

/** An entity of an execution context. */
export interface ContextEntity {
  readonly table: TableModel;
  readonly id: string;
  readonly values: ColumnValues;
}

const contracts = 'http://schemas.microsoft.com/xrm/2011/Contracts';

/** A date as .NET's DataContractJsonSerializer writes it: `/Date(1506384247000)/`. */
export const contextDate = (ms: number, offset = ''): string => `/Date(${ms}${offset})/`;

/** A reference to a row. In a collection of values of any type, it has its type. */
export function contextReference(reference: EntityReference, name: string | null = null): object {
  return {
    __type: `EntityReference:${contracts}`,
    Id: reference.id,
    KeyAttributes: [],
    LogicalName: reference.table,
    Name: name,
    RowVersion: null,
  };
}

/** The relationship of an `Associate` or `Disassociate` message. */
export const contextRelationship = (name: string): object => ({
  __type: `Relationship:${contracts}`,
  PrimaryEntityRole: null,
  SchemaName: name,
});

/** The `Target` of a message. */
export function contextTarget(store: OrganizationStore, entity: ContextEntity): object {
  return { __type: `Entity:${contracts}`, ...entityMembers(contextAttributes(store, entity), [], entity) };
}

/** Several entities of one table: the `Targets` of a bulk message. */
export function contextCollection(
  store: OrganizationStore,
  { logicalName }: TableModel,
  entities: readonly ContextEntity[],
): object {
  return {
    __type: `EntityCollection:${contracts}`,
    Entities: entities.map((entity) => entityMembers(contextAttributes(store, entity), [], entity)),
    EntityName: logicalName,
    MinActiveRowVersion: null,
    MoreRecords: false,
    PagingCookie: null,
    TotalRecordCount: -1,
    TotalRecordCountLimitExceeded: false,
  };
}

/** A copy of a row before or after the operation, with the names of referenced rows and formatted values. */
export function contextImage(store: OrganizationStore, entity: ContextEntity): object {
  const withNames = { names: true } as const;
  return entityMembers(contextAttributes(store, entity, withNames), formattedValues(store, entity), entity);
}

function entityMembers(
  attributes: readonly KeyValue[],
  formatted: readonly KeyValue[],
  { table, id }: ContextEntity,
): object {
  return {
    Attributes: attributes,
    EntityState: null,
    FormattedValues: formatted,
    Id: id,
    KeyAttributes: [],
    LogicalName: table.logicalName,
    RelatedEntities: [],
    RowVersion: null,
  };
}

function contextAttributes(
  store: OrganizationStore,
  { table, values }: ContextEntity,
  { names = false } = {},
): readonly KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const attribute = store.model.attribute(table, key);
    if (!attribute || isImage(attribute)) return [];
    const reference = names ? toReference(value) : undefined;
    const name = reference && findName(store, reference);
    return [{ key, value: contextValue(attribute, value, name) }];
  });
}

/** A column value as .NET's DataContractJsonSerializer writes it. */
function contextValue(attribute: Attribute, value: ColumnValue, name: string | undefined): unknown {
  if (value === null) return null;
  const reference = toReference(value);
  if (reference) return contextReference(reference, name);
  switch (attribute.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return contextOption(Number(value));
    case 'MultiSelectPicklist':
      return String(value)
        .split(',')
        .map((option) => contextOption(Number(option)));
    case 'Money':
      return { __type: `Money:${contracts}`, Value: Number(value) };
    case 'Decimal':
    case 'BigInt':
      return Number(value);
    case 'DateTime':
      return contextDate(Date.parse(String(value)));
    default:
      return value;
  }
}

/** The value of a choice. */
export const contextOption = (value: number): object => ({
  __type: `OptionSetValue:${contracts}`,
  Value: value,
});

const findName = (store: OrganizationStore, reference: EntityReference): string | undefined =>
  createDisplayNames(store, defaultFormat).row(reference);

function formattedValues(store: OrganizationStore, { table, values }: ContextEntity): readonly KeyValue[] {
  const names = createDisplayNames(store, defaultFormat, values.transactioncurrencyid);
  return Object.entries(values).flatMap(([key, value]) => {
    const attribute = store.model.attribute(table, key);
    const text = attribute && formatValue(attribute, value, names);
    return text === undefined ? [] : [{ key, value: text }];
  });
}
