import { edmType, odataPropertyName, visibleColumns } from '../../model/attribute.ts';
import type { Attribute, Model, Navigation, TableModel } from '../../model/types.ts';
import { csdlValueTypes, findParameterType } from '../../operations/parameter-types.ts';
import { webApiOperations } from '../../operations/registry.ts';
import { findResultType, resultTypeElements } from '../../operations/result-types.ts';
import type { WebApiOperation } from '../../operations/types.ts';

/**
 * Writes the `$metadata` document: entity types with their properties and navigation properties, operations and
 * entity sets. With annotations, entity sets state whether change tracking is supported.
 * https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html
 */
export function writeCsdl(
  model: Model,
  {
    annotations,
    customApis,
  }: { readonly annotations: boolean; readonly customApis: readonly WebApiOperation[] },
): string {
  const operations = [...webApiOperations, ...customApis];
  const tables = [...model.tables.values()];
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '<edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '<EntityType Name="crmbaseentity" Abstract="true" />',
    ...tables.flatMap((table) => entityTypeElement(model, table)),
    ...csdlValueTypes,
    ...resultTypeElements(operations),
    ...operations.map(operationElement),
    '<EntityContainer Name="System">',
    ...tables.flatMap((table) => entitySetElement(table, annotations)),
    ...operations.filter(({ boundTo }) => !boundTo).map(operationImportElement),
    '</EntityContainer>',
    '</Schema>',
    '</edmx:DataServices>',
    '</edmx:Edmx>',
  ];
  return lines.join('\n');
}

function operationElement(operation: WebApiOperation): string {
  const { name, kind, boundTo, parameters } = operation;
  const element = kind === 'action' ? 'Action' : 'Function';
  const own = Object.entries(parameters).map(([parameter, need]) => {
    const nullable = need === 'required' ? ' Nullable="false"' : '';
    return `<Parameter Name="${parameter}" Type="${findParameterType(operation, parameter)}"${nullable} />`;
  });
  const type = findResultType(operation);
  const result =
    type === undefined
      ? ''
      : `<ReturnType Type="${type}"${kind === 'function' ? ' Nullable="false"' : ''} />`;
  return `<${element} Name="${name}"${boundTo ? ' IsBound="true"' : ''}>${[bindingParameter(operation), ...own].join('')}${result}</${element}>`;
}

/** The binding parameter of a bound operation. */
function bindingParameter({ boundTo }: WebApiOperation): string {
  if (boundTo === undefined) return '';
  const type = `mscrm.${boundTo.table ?? 'crmbaseentity'}`;
  const [name, fullType] = boundTo.kind === 'set' ? ['entityset', `Collection(${type})`] : ['entity', type];
  return `<Parameter Name="${name}" Type="${fullType}" Nullable="false" />`;
}

function operationImportElement({ name, kind }: WebApiOperation): string {
  const element = kind === 'action' ? 'Action' : 'Function';
  return `<${element}Import Name="${name}" ${element}="mscrm.${name}" />`;
}

function entityTypeElement(model: Model, table: TableModel): readonly string[] {
  const { logicalName, base, primaryId } = table;
  // The key of a principal, and of an activity, is inherited from its base.
  const key =
    base === 'crmbaseentity'
      ? [`<Key><PropertyRef Name="${logicalName === 'principal' ? 'ownerid' : primaryId}" /></Key>`]
      : [];
  return [
    `<EntityType Name="${logicalName}" BaseType="mscrm.${base}">`,
    ...key,
    ...ownProperties(model, table).map((attribute) => propertyElement(table, attribute)),
    ...ownNavigations(model, table).map((navigation) => navigationPropertyElement(model, navigation)),
    '</EntityType>',
  ];
}

const findBase = (model: Model, { logicalName, base }: TableModel): TableModel | undefined =>
  base === logicalName ? undefined : model.table(base);

/** The columns that a table does not inherit: CSDL forbids to declare a property twice. */
function ownProperties(model: Model, table: TableModel): readonly Attribute[] {
  const base = findBase(model, table);
  if (!base) return visibleColumns(table);
  return table.attributes.filter(
    (attribute) => model.property(base, odataPropertyName(attribute)) === undefined,
  );
}

function ownNavigations(model: Model, table: TableModel): readonly Navigation[] {
  const base = findBase(model, table);
  const all = model.navigations(table);
  return base ? all.filter(({ name }) => model.navigation(base, name) === undefined) : all;
}

function propertyElement(table: TableModel, attribute: Attribute): string {
  const length = attribute.maxLength === undefined ? '' : ` MaxLength="${attribute.maxLength}"`;
  const unicode = edmType(attribute) === 'Edm.String' ? ' Unicode="false"' : '';
  const scale = edmType(attribute) === 'Edm.Decimal' ? ' Scale="Variable"' : '';
  const nullable = attribute.logicalName === table.primaryId ? ' Nullable="false"' : '';
  return `<Property Name="${odataPropertyName(attribute)}" Type="${edmType(attribute)}"${length}${nullable}${unicode}${scale} />`;
}

function navigationPropertyElement(model: Model, navigation: Navigation): string {
  const { name, target } = navigation;
  if (navigation.kind !== 'lookup') {
    return `<NavigationProperty Name="${name}" Type="Collection(mscrm.${target})" />`;
  }
  const table = model.table(target);
  const referenced = table?.base === 'principal' || target === 'principal' ? 'ownerid' : table?.primaryId;
  const constraint = `<ReferentialConstraint Property="${odataPropertyName(navigation.attribute)}" ReferencedProperty="${referenced}" />`;
  return `<NavigationProperty Name="${name}" Type="mscrm.${target}">${constraint}</NavigationProperty>`;
}

function entitySetElement(
  { set, logicalName, changeTracking }: TableModel,
  annotations: boolean,
): readonly string[] {
  if (set === undefined) return [];
  const open = `<EntitySet Name="${set}" EntityType="Microsoft.Dynamics.CRM.${logicalName}"`;
  if (!annotations || !changeTracking) return [`${open} />`];
  return [
    `${open}>`,
    '<Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="true" /></Record></Annotation>',
    '</EntitySet>',
  ];
}
