import { omitUndefined } from 'dynamics365-connector/host';
import type { Attribute, AttributeTarget, AttributeType, ChoiceOption } from '../../src/model/types.ts';
import { statesOfReasons } from './overrides.ts';
import type { RealColumn } from './real-tables.ts';

/** Columns that organizations of the sources have changed: their lengths, defaults and levels are not standard. */
const customizedTables: ReadonlySet<string> = new Set(['lead']);
/** Names of columns that a solution adds; those of addresses and of amounts only look like it. */
export const solutionPrefix =
  /^(?!address\d_)[a-z0-9]+_(?!base$|timestamp$|url$|date$|state$|composite$|count$|sum$)/;
/** The lookups that every row with an owner has; some sources describe them without their target. */
const systemTargets: Readonly<Record<string, string>> = {
  owninguser: 'systemuser',
  owningteam: 'team',
  owningbusinessunit: 'businessunit',
};
export const sources: Readonly<Record<string, Attribute['source']>> = {
  'Rollup Field': 'rollup',
  'Calculated Field': 'calculated',
};
const textTypes: ReadonlySet<string> = new Set(['String', 'Memo']);
/** Defaults that differ from the sources of the first pass, and that new rows of organizations have. */
const realDefaults: ReadonlySet<string> = new Set(['followemail', 'routecase', 'decremententitlementterm']);

/** A column of real metadata. */
interface Source {
  readonly column: RealColumn;
  /** Logical names of the sandbox's tables. */
  readonly known: ReadonlySet<string>;
}

/** A column with the details of real metadata. */
export function refineColumn(table: string, column: Attribute, source: Source): Attribute {
  const real = source.column;
  const type = refinedType(column, real);
  const options = refinedOptions(column, real, { type, isCustomized: customizedTables.has(table) });
  const standard = !customizedTables.has(table);
  const length = standard ? (real.maxLength ?? column.maxLength) : column.maxLength;
  return omitUndefined({
    ...column,
    ...names(column, real),
    type,
    required: (standard && requiredLevel(real)) || column.required,
    validForCreate: column.validForCreate && real.validForCreate !== false && !real.readOnly,
    validForUpdate: column.validForUpdate && real.validForUpdate !== false && !real.readOnly,
    maxLength: textTypes.has(type) ? length : undefined,
    ...numberLimits(column, real, type),
    ...formats(column, real, type),
    options,
    default: refinedDefault(table, { ...column, type, options }, real),
    source: sources[real.sourceKind ?? ''],
    targets: refinedTargets(column, source, type),
  });
}

/** `Required` of the Common Data Model is `ApplicationRequired`. */
function requiredLevel({ required }: RealColumn): Attribute['required'] | undefined {
  return required === 'Required' ? 'ApplicationRequired' : required;
}

function names(column: Attribute, real: RealColumn): Pick<Attribute, 'schemaName' | 'displayName'> {
  const { schemaName = '', displayName } = real;
  return {
    schemaName: schemaName.toLowerCase() === column.logicalName ? schemaName : column.schemaName,
    displayName: displayName ?? column.displayName,
  };
}

/** A choice, text or amount that the first pass read as a plain number or text; other types stay. */
function refinedType(column: Attribute, real: RealColumn): AttributeType {
  const changes: Readonly<Record<string, readonly string[]>> = {
    Integer: ['Picklist'],
    String: ['Memo', 'EntityName'],
    Memo: ['String'],
    Decimal: ['Money'],
    Uniqueidentifier: ['Lookup'],
  };
  const isChange = changes[column.type]?.includes(real.type);
  const hasTarget = real.type !== 'Lookup' || (real.navigations ?? []).length > 0;
  const hasOptions = real.type !== 'Picklist' || (real.options ?? []).length > 0;
  return isChange && hasTarget && hasOptions ? (real.type as AttributeType) : column.type;
}

function refinedOptions(
  column: Attribute,
  { options = [] }: RealColumn,
  { type, isCustomized }: { readonly type: AttributeType; readonly isCustomized: boolean },
): readonly ChoiceOption[] | undefined {
  if (type === 'Boolean') return booleanLabels(options) ?? column.options;
  if (type === 'State') return stateOptions(column, options);
  if (type !== 'Picklist' && type !== 'MultiSelectPicklist') return column.options;
  const isComplete = column.options && column.options.length > 1 && isCustomized;
  return isComplete ? column.options : standardOptions(options, column);
}

/** States with the default status reasons that are known. */
function stateOptions(
  column: Attribute,
  options: readonly ChoiceOption[],
): readonly ChoiceOption[] | undefined {
  return standardOptions(options, column)?.map(({ value, label }) => {
    const { defaultStatus } = column.options?.find((each) => each.value === value) ?? {};
    return omitUndefined({ value, label, defaultStatus });
  });
}

/** The labels of a Yes/No column; undefined for the default labels No and Yes. */
function booleanLabels(options: readonly ChoiceOption[]): readonly ChoiceOption[] | undefined {
  const labels = [0, 1].map((value) => options.find((option) => option.value === value)?.label);
  const isDefault = labels.every((label, value) => !label || label === ['No', 'Yes'][value]);
  if (isDefault) return undefined;
  return labels.map((label, value) => ({ value, label: label || (value === 1 ? 'Yes' : 'No') }));
}

/** The options without those that a publisher added, whose values have nine digits; all of them if no other exists. */
function standardOptions(
  options: readonly ChoiceOption[],
  column: Attribute | undefined,
): readonly ChoiceOption[] | undefined {
  // Each organization gives the codes of added tables itself, from 10,000 on.
  const maxStandard = column?.logicalName === 'objecttypecode' ? 9999 : 99_999_999;
  const standard = options.filter(({ value }) => value <= maxStandard);
  const kept = (standard.length > 0 ? standard : options)
    .map(({ value, label }) => ({ value, label }))
    .sort((a, b) => a.value - b.value);
  return kept.length > 0 ? kept : column?.options;
}

function numberLimits(column: Attribute, real: RealColumn, type: AttributeType): Partial<Attribute> {
  const hasRange = ['Integer', 'Decimal', 'Double', 'Money'].includes(type);
  if (!hasRange) return { min: undefined, max: undefined, precision: undefined };
  const { min = column.min, max = column.max, precision = column.precision } = real;
  return { min, max, precision };
}

function formats(column: Attribute, real: RealColumn, type: AttributeType): Partial<Attribute> {
  const usual: Readonly<Record<string, string>> = {
    String: 'Text',
    Memo: 'TextArea',
    Integer: 'None',
    DateTime: column.dateOnly ? 'DateOnly' : 'DateAndTime',
  };
  const isUsual = usual[type] === undefined || real.format === usual[type];
  const behavior = type === 'DateTime' && !column.dateOnly ? real.dateTimeBehavior : undefined;
  return {
    format: isUsual ? undefined : (real.format as Attribute['format']),
    dateTimeBehavior: behavior === 'TimeZoneIndependent' ? behavior : undefined,
  };
}

/** Defaults fill gaps; a customized table keeps its own. `-1` means no default. */
function refinedDefault(table: string, column: Attribute, real: RealColumn): Attribute['default'] {
  const { default: value } = real;
  if (realDefaults.has(column.logicalName) && value !== undefined) return value;
  if (column.type === 'State') return value === column.options?.[0]?.value ? undefined : value;
  if (column.type === 'Boolean' && typeof value === 'boolean' && !customizedTables.has(table)) return value;
  const isGap = column.default === undefined && column.type === 'Picklist' && typeof value === 'number';
  if (!isGap || customizedTables.has(table)) return column.default;
  return column.options?.some((option) => option.value === value) ? value : undefined;
}

/** Known targets and those of real metadata whose table is standard. Owners keep their target `principal`. */
function refinedTargets(
  column: Attribute,
  source: Source,
  type: AttributeType,
): readonly AttributeTarget[] | undefined {
  const { targets = [] } = column;
  if (type === 'Owner' || (type !== 'Lookup' && type !== 'Customer')) return column.targets;
  const added = realTargets(source).filter(
    (target) => !targets.some(({ table }) => table === target.table || table === 'principal'),
  );
  const all = [...targets, ...added];
  return all.length > 0 ? all : undefined;
}

/** The targets of a lookup of real metadata whose table is standard. */
export function realTargets({ column, known }: Source): AttributeTarget[] {
  const { navigations = [], targets = [], logicalName } = column;
  const ofSolution = solutionPrefix.test(logicalName);
  const isStandard = (table: string) => ofSolution || known.has(table) || !table.includes('_');
  const system = systemTargets[logicalName];
  if (system !== undefined) return [{ table: system, navigation: logicalName }];
  const followed = navigations.filter(({ table }) => isStandard(table));
  if (followed.length > 0 || targets.length !== 1) return followed;
  return targets.filter(isStandard).map((table) => ({ table, navigation: logicalName }));
}

/** Status reasons: each one belongs to a known state or to the state of the same label. */
export function completeStatus(
  table: string,
  column: Attribute,
  { real, states }: { readonly real: RealColumn | undefined; readonly states: readonly ChoiceOption[] },
): Attribute {
  if (column.type !== 'Status' || !real?.options || customizedTables.has(table)) return column;
  const options = (standardOptions(real.options, column) ?? []).flatMap(({ value, label }) => {
    const known = column.options?.find((each) => each.value === value && each.label === label)?.state;
    const byLabel = states.find((each) => each.label === label)?.value;
    const state = statesOfReasons[table]?.[value] ?? known ?? byLabel;
    return state === undefined ? [] : [{ value, label, state }];
  });
  return options.length > 0 ? { ...column, options } : column;
}
