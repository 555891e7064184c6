import { toLogicalName } from 'dynamics365-connector/odata';
import type {
  Attribute,
  AttributeRequiredLevel,
  AttributeTarget,
  AttributeType,
  ChoiceOption,
} from '../../src/model/types.ts';
import type { CsdlProperty, CsdlType } from './csdl.ts';
import * as overrides from './overrides.ts';

/** A column in the Common Data Model. */
export interface CdmColumn {
  readonly schema: string;
  readonly type: string;
  readonly maxlen?: number | null;
  readonly display?: string | null;
  /** `[language, label, value, order, state?]` */
  readonly options?: readonly (readonly string[])[] | null;
  readonly required?: string | null;
}
export type CdmTables = Readonly<Record<string, Readonly<Record<string, CdmColumn>>>>;

const systemColumns = new Set([
  ...['versionnumber', 'createdon', 'modifiedon', 'createdby', 'modifiedby', 'createdonbehalfby'],
  ...['modifiedonbehalfby', 'owningbusinessunit', 'owninguser', 'owningteam', 'exchangerate', 'fullname'],
  ...['activitytypecode', 'numberofchildincidents', 'merged', 'onholdtime', 'entityimage_url'],
]);
/** The rate of a currency; other rows copy it. */
const isOwnRate = (table: string, name: string): boolean =>
  table === 'transactioncurrency' && name === 'exchangerate';
const createOnly = new Set(['overriddencreatedon', 'importsequencenumber', 'ticketnumber']);

const requiredLevels: Readonly<Record<string, AttributeRequiredLevel>> = {
  systemrequired: 'SystemRequired',
  required: 'ApplicationRequired',
  recommended: 'Recommended',
};

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const findOverride = <T>(record: Readonly<Record<string, T>>, table: string, name: string): T | undefined =>
  record[`${table}.${name}`] ?? record[name];

/** The targets of each lookup of a type. System columns without a target get their standard target. */
export function lookupTargets(
  type: CsdlType,
  properties: readonly CsdlProperty[],
): Map<string, AttributeTarget[]> {
  const targets = new Map<string, AttributeTarget[]>();
  const add = (name: string, target: AttributeTarget) =>
    targets.set(name, [...(targets.get(name) ?? []), target]);
  for (const navigation of type.navigations.filter((each) => !each.collection)) {
    const column = toLogicalName(navigation.property ?? `_${navigation.name.toLowerCase()}_value`);
    add(column === 'activityid_activitypointer' ? 'activityid' : column, {
      table: navigation.target,
      navigation: navigation.name,
    });
  }
  const suffix = type.base === 'activitypointer' ? `_${type.name}` : '';
  for (const property of properties) {
    const name = toLogicalName(property.name);
    const target = systemTarget(name);
    if (target && name !== property.name && !targets.has(name)) {
      add(name, { table: target, navigation: name + suffix });
    }
  }
  return targets;
}

function systemTarget(name: string): string | undefined {
  if (/^(created|modified)(on)?(behalf)?by$/.test(name) || name === 'owninguser') return 'systemuser';
  return {
    createdonbehalfby: 'systemuser',
    modifiedonbehalfby: 'systemuser',
    owningteam: 'team',
    owningbusinessunit: 'businessunit',
    transactioncurrencyid: 'transactioncurrency',
    ownerid: 'principal',
  }[name];
}

function typeOf(table: string, property: CsdlProperty, column: CdmColumn | undefined): AttributeType {
  const name = toLogicalName(property.name);
  const known = findOverride(overrides.types, table, name);
  if (known) return known as AttributeType;
  if (name !== property.name) {
    if (name === 'ownerid') return 'Owner';
    return name === 'customerid' || name === 'parentcustomerid' ? 'Customer' : 'Lookup';
  }
  if (name === 'statecode') return 'State';
  if (name === 'statuscode') return 'Status';
  if (property.type === 'Edm.Int32') return isChoice(table, name, column) ? 'Picklist' : 'Integer';
  if (property.type === 'Edm.Decimal') {
    return name.endsWith('_base') || /currency/i.test(column?.type ?? '') ? 'Money' : 'Decimal';
  }
  if (property.type === 'Edm.String') return (column?.maxlen ?? 0) > 4000 ? 'Memo' : 'String';
  const simple: Readonly<Record<string, AttributeType>> = {
    'Edm.Guid': 'Uniqueidentifier',
    'Edm.Boolean': 'Boolean',
    'Edm.Date': 'DateTime',
    'Edm.DateTimeOffset': 'DateTime',
    'Edm.Double': 'Double',
    'Edm.Int64': 'BigInt',
    'Edm.Binary': 'File',
  };
  return simple[property.type] ?? 'String';
}

function isChoice(table: string, name: string, column: CdmColumn | undefined): boolean {
  return Boolean(column?.options ?? findOverride(overrides.choices, table, name));
}

function optionsOf(table: string, type: AttributeType, column: CdmColumn): ChoiceOption[] {
  const options = (column.options ?? [])
    .filter(([language]) => language === 'en')
    .map(([, label = '', value = '0', , state]) => ({
      value: Number(value),
      label,
      state: type === 'Status' ? Number(state) : undefined,
    }))
    .sort((a, b) => a.value - b.value);
  if (type !== 'State') return options;
  return options.map((option) => {
    const status = overrides.defaultStatus[table]?.[option.value];
    return status === undefined ? option : { ...option, defaultStatus: status };
  });
}

function decimalPrecision(type: AttributeType, name: string): Partial<Attribute> {
  if (type === 'Decimal') return { precision: name === 'exchangerate' ? 10 : 2 };
  return {};
}

function defaultOf(table: string, attribute: Attribute): Partial<Attribute> {
  if (overrides.withoutDefault.has(`${table}.${attribute.logicalName}`)) return {};
  const known = findOverride(overrides.defaults, table, attribute.logicalName);
  const only =
    attribute.type === 'Picklist' && attribute.options?.length === 1 ? attribute.options[0] : undefined;
  const value = known ?? only?.value ?? (attribute.type === 'Boolean' ? false : undefined);
  const fits =
    typeof value === 'number' && attribute.options ? attribute.options.some((o) => o.value === value) : true;
  return value === undefined || !fits ? {} : { default: value };
}

function lengthOf(table: string, name: string, type: AttributeType, column?: CdmColumn): Partial<Attribute> {
  if (type !== 'String' && type !== 'Memo') return {};
  const fallback = type === 'Memo' ? 2000 : 100;
  return { maxLength: findOverride(overrides.lengths, table, name) ?? column?.maxlen ?? fallback };
}

/** A column from both sources: its type from CSDL, the rest from the Common Data Model. */
export function attribute(
  context: {
    readonly table: string;
    readonly primaryId: string;
    readonly targets: ReadonlyMap<string, readonly AttributeTarget[]>;
  },
  property: CsdlProperty,
  column: CdmColumn | undefined,
): Attribute {
  const { table, primaryId, targets } = context;
  const name = toLogicalName(property.name);
  const type = typeOf(table, property, column);
  const isSystem = systemColumns.has(name) && !isOwnRate(table, name);
  const fixed = isSystem || name.endsWith('_base') || (name === 'ownerid' && type !== 'Owner');
  const isKey = name === primaryId;
  const options = column?.options
    ? optionsOf(table, type, column)
    : findOverride(overrides.choices, table, name);
  const schema = column && column.schema.toLowerCase() === name ? capitalize(column.schema) : name;
  const result: Attribute = {
    logicalName: name,
    schemaName: schema,
    displayName: column?.display ?? capitalize(name),
    type,
    required: isKey ? 'SystemRequired' : (requiredLevels[column?.required ?? ''] ?? 'None'),
    validForCreate: !fixed,
    validForUpdate: !fixed && !isKey && !createOnly.has(name),
    ...lengthOf(table, name, type, column),
    ...decimalPrecision(type, name),
    dateOnly: property.type === 'Edm.Date' || undefined,
    options,
    targets: targets.get(name),
  };
  return { ...result, ...defaultOf(table, result) };
}

function initialValue(type: string): boolean | undefined {
  if (type === 'ManagedProperty') return true;
  return type === 'Boolean' ? false : undefined;
}

/** A column that is missing in the sources, from its short form: `String(100)!`, `Integer=0`, `Lookup(incident:regarding)`. */
export function addedAttribute(name: string, short: string): Attribute {
  const [, type = '', argument = '', mark, initial] = /^(\w+)(?:\((.*)\))?(!?)(?:=(\d+))?$/.exec(short) ?? [];
  const targets = argument.split(',').map((each) => {
    const [table = '', navigation = name] = each.split(':');
    return { table, navigation };
  });
  const isLookup = type === 'Lookup' || type === 'Owner';
  return {
    logicalName: name,
    schemaName: name,
    displayName: capitalize(name),
    type: type as AttributeType,
    required: mark ? 'ApplicationRequired' : 'None',
    validForCreate: !systemColumns.has(name),
    validForUpdate: !systemColumns.has(name),
    targets: isLookup ? targets : undefined,
    default: initial === undefined ? initialValue(type) : Number(initial),
    maxLength: type === 'String' || type === 'Memo' ? Number(argument) : undefined,
  };
}
