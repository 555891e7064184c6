import { isJsonObject } from 'dynamics365-connector/base';
import { crmNamespace } from 'dynamics365-connector/odata';
import { isSecurable } from '../../model/attribute.ts';
import type { Attribute, AttributeRequiredLevel, AttributeType, Model } from '../../model/types.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { requireGlobalChoice } from './find-choice.ts';
import { readFlag, readLabel, readManagedValue, readText, readTranslations } from './labels.ts';
import { readBooleanOptions, readOptions } from './read-options.ts';
import { readSchemaNames } from './schema-names.ts';

/** The column types that a definition can create; the class of its metadata has the name of the type. */
const creatableTypes: readonly AttributeType[] = [
  ...(['String', 'Memo', 'Integer', 'BigInt', 'Decimal', 'Double', 'Money'] as const),
  ...(['Boolean', 'DateTime', 'Picklist', 'MultiSelectPicklist', 'File'] as const),
];

/** The column type of a class of metadata; an image is stored as a file. */
const columnTypeOf = (className: string): AttributeType | undefined =>
  className === 'Image' ? 'File' : creatableTypes.find((type) => type === className);

const requiredLevels: readonly AttributeRequiredLevel[] = ['None', 'Recommended', 'ApplicationRequired'];

/** Reads the definition of a new column. Lookups are created with their relationship. */
export function readNewColumn(model: Model, body: JsonBody, prefix?: number): Attribute {
  const { schemaName, logicalName } = readSchemaNames(body, 'Attribute');
  const className = definitionClass(body);
  const type = columnTypeOf(className);
  if (!type) {
    throw new DataverseError(
      400,
      '0x80040203',
      `Attribute of type ${className}AttributeMetadata cannot be created through the SDK.`,
    );
  }
  const base: Attribute = {
    logicalName,
    schemaName,
    displayName: schemaName,
    type,
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    image: className === 'Image' || undefined,
    ...typeDefaults(type),
  };
  return readColumnChanges(model, body, { column: base, prefix });
}

/** The column with the properties that a definition has; the others stay. */
export function readColumnChanges(
  model: Model,
  body: JsonBody,
  { column, prefix, merge = false }: ChangedColumn,
): Attribute {
  const labels = { displayName: body.DisplayName, description: body.Description };
  return {
    ...column,
    displayName: readLabel(body.DisplayName) ?? column.displayName,
    description: readLabel(body.Description) ?? column.description,
    translations: readTranslations(labels, { translations: column.translations, merge }),
    required: readRequiredLevel(body, column),
    secured: readSecured(body, column),
    audited: readFlag(readManagedValue(body.IsAuditEnabled)) ?? column.audited,
    ...readTypeDetails(model, body, { column, prefix }),
  };
}

/** The class of a definition without its ending: `String` of `Microsoft.Dynamics.CRM.StringAttributeMetadata`. */
function definitionClass(body: JsonBody): string {
  const type = body['@odata.type'];
  if (typeof type !== 'string') return typeof body.AttributeType === 'string' ? body.AttributeType : '';
  return type
    .replace(/^#/, '')
    .replace(crmNamespace, '')
    .replace(/AttributeMetadata$/, '');
}

function readSecured({ IsSecured: given }: JsonBody, column: Attribute): boolean | undefined {
  if (typeof given !== 'boolean') return column.secured;
  if (given && !isSecurable(column))
    throw invalidArgument(`The column '${column.logicalName}' cannot be secured.`);
  return given || undefined;
}

function readRequiredLevel({ RequiredLevel: given }: JsonBody, column: Attribute): AttributeRequiredLevel {
  const level = readManagedValue(given) ?? column.required;
  const found = [...requiredLevels, column.required].find((each) => each === level);
  if (!found) throw invalidArgument(`'${String(level)}' is not an AttributeRequiredLevel for a column.`);
  return found;
}

function typeDefaults(type: AttributeType): Partial<Attribute> {
  switch (type) {
    case 'String':
      return { maxLength: 100 };
    case 'Memo':
      return { maxLength: 2000 };
    case 'Integer':
      return { min: -2_147_483_648, max: 2_147_483_647 };
    case 'Decimal':
    case 'Double':
      return { min: -100_000_000_000, max: 100_000_000_000, precision: 2 };
    case 'Money':
      return { min: -922_337_203_685_477, max: 922_337_203_685_477, precision: 2 };
    default:
      return {};
  }
}

/** A column, and the prefix of the values of its new options. */
interface ChangedColumn {
  readonly column: Attribute;
  readonly prefix: number | undefined;
  /** Whether labels in languages that the definition leaves out stay. */
  readonly merge?: boolean;
}

function readTypeDetails(model: Model, body: JsonBody, changed: ChangedColumn): Partial<Attribute> {
  const { column } = changed;
  switch (column.type) {
    case 'String':
    case 'Memo':
      return readTextDetails(body, column);
    case 'Integer':
    case 'Decimal':
    case 'Double':
    case 'Money':
      return readNumberDetails(body, column);
    case 'DateTime':
      return readDateTimeDetails(body, column);
    case 'Boolean':
      return readBooleanDetails(body, column);
    case 'Picklist':
    case 'MultiSelectPicklist':
    case 'Status':
      return readChoiceDetails(model, body, changed);
    case 'File':
      return { maxSizeInKB: readNumber(body, 'MaxSizeInKB', [1, 10_485_760]) ?? column.maxSizeInKB };
    default:
      return {};
  }
}

function readTextDetails(body: JsonBody, column: Attribute): Partial<Attribute> {
  const limit = column.type === 'Memo' ? 1_048_576 : 4000;
  const { AutoNumberFormat: autoNumber = column.autoNumberFormat } = body;
  return {
    maxLength: readNumber(body, 'MaxLength', [1, limit]) ?? column.maxLength,
    format: readText(readManagedValue(body.FormatName)) ?? readText(body.Format) ?? column.format,
    autoNumberFormat: readText(autoNumber),
  };
}

function readNumberDetails(body: JsonBody, column: Attribute): Partial<Attribute> {
  const bounds = typeDefaults(column.type);
  const range = [bounds.min ?? -Infinity, bounds.max ?? Infinity] as const;
  const min = readNumber(body, 'MinValue', range) ?? column.min;
  const max = readNumber(body, 'MaxValue', range) ?? column.max;
  if (min !== undefined && max !== undefined && min > max) {
    throw invalidArgument(`MinValue ${min} is greater than MaxValue ${max}.`);
  }
  const places = { Decimal: 10, Double: 5, Money: 4 }[column.type as string] ?? 0;
  const precision = readNumber(body, 'Precision', [0, places]) ?? column.precision;
  return { min, max, precision, format: readText(body.Format) ?? column.format };
}

function readDateTimeDetails(body: JsonBody, column: Attribute): Partial<Attribute> {
  const given = readManagedValue(body.DateTimeBehavior);
  const current = column.dateOnly ? 'DateOnly' : (column.dateTimeBehavior ?? 'UserLocal');
  const behavior = typeof given === 'string' ? given : current;
  const format = readText(body.Format) ?? column.format;
  switch (behavior) {
    case 'DateOnly':
      return { dateOnly: true, dateTimeBehavior: undefined, format: 'DateOnly' };
    case 'UserLocal':
      return { dateOnly: undefined, dateTimeBehavior: undefined, format };
    case 'TimeZoneIndependent':
      return { dateOnly: undefined, dateTimeBehavior: behavior, format };
    default:
      throw invalidArgument(`'${behavior}' is not a DateTimeBehavior.`);
  }
}

function readBooleanDetails(body: JsonBody, column: Attribute): Partial<Attribute> {
  const { OptionSet: optionSet, DefaultValue: value } = body;
  return {
    options: isJsonObject(optionSet) ? readBooleanOptions(optionSet) : column.options,
    default: typeof value === 'boolean' ? value : (column.default ?? false),
  };
}

function readChoiceDetails(
  model: Model,
  body: JsonBody,
  { column, prefix }: ChangedColumn,
): Partial<Attribute> {
  const defaultValue = body.DefaultFormValue;
  const value = typeof defaultValue === 'number' && defaultValue !== -1 ? defaultValue : undefined;
  const global = globalChoiceName(body) ?? column.globalChoice;
  if (global !== undefined) {
    const { name, options } = requireGlobalChoice(model, global);
    return { globalChoice: name, options, default: value ?? column.default };
  }
  const { OptionSet: optionSet } = body;
  const options = isJsonObject(optionSet) ? readOptions(optionSet, prefix) : (column.options ?? []);
  // States of status reasons are not part of the definition of a choice.
  const kept = options.map((option) => {
    const existing = column.options?.find((each) => each.value === option.value);
    return { ...existing, ...option, transitionData: option.transitionData ?? existing?.transitionData };
  });
  return { options: kept, default: value ?? column.default };
}

/** The name or id of the global choice that a definition refers to. */
function globalChoiceName(body: JsonBody): string | undefined {
  const bind = body['GlobalOptionSet@odata.bind'];
  if (typeof bind === 'string') {
    const [, key] = /GlobalOptionSetDefinitions\((?:Name=)?'?([^')]+)'?\)$/.exec(bind) ?? [];
    if (key === undefined)
      throw invalidArgument(`'${bind}' is not a reference to a GlobalOptionSetDefinition.`);
    return key;
  }
  const { OptionSet: own, GlobalOptionSet: global } = body;
  const named = [global, own].find(
    (optionSet) => isJsonObject(optionSet) && optionSet.IsGlobal === true && optionSet.Name !== undefined,
  );
  return isJsonObject(named) ? String(named.Name) : undefined;
}

function readNumber(
  body: JsonBody,
  property: string,
  [min, max]: readonly [number, number],
): number | undefined {
  const value = body[property] ?? undefined;
  if (value === undefined) return undefined;
  // `LongNumber` holds the text of a number with many digits.
  const number = isJsonObject(value) && 'text' in value ? Number(value.text) : value;
  if (typeof number === 'number' && number >= min && number <= max) return number;
  throw invalidArgument(`The property '${property}' must be a number from ${min} to ${max}.`);
}
