import type {
  MetadataChoice,
  MetadataColumn,
  MetadataNavigation,
  MetadataTable,
  MetadataTableSummary,
  RequiredLevel,
} from '../model/metadata.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { isRegularCompanion } from '../odata/check/table-index.ts';
import type { WireAttribute, WireLabel, WireOption, WireTable, WireTableNames } from './wire-types.ts';

/** The names of a table; undefined if the table is not available in the Web API. */
export function readTableSummary(wire: WireTableNames): MetadataTableSummary | undefined {
  const { LogicalName: name, EntitySetName: set } = wire;
  if (!set) return undefined;
  return {
    name,
    entitySet: set,
    title: readLabel(wire.DisplayName, name),
    plural: readLabel(wire.DisplayCollectionName, set),
  };
}

/** A table, from its definition and the details of its columns (in any order). */
export function readTable(wire: WireTable, details: readonly WireAttribute[]): MetadataTable {
  const more = new Map(details.map((detail) => [detail.LogicalName, detail]));
  const { LogicalName: name, EntitySetName, PrimaryNameAttribute: primaryName } = wire;
  const columns = wire.Attributes.filter(isInApi).map((attribute) =>
    readColumn(
      { ...attribute, ...more.get(attribute.LogicalName) },
      readTargets(wire, attribute.LogicalName),
    ),
  );
  return omitUndefined({
    name,
    entitySet: EntitySetName ?? '',
    title: readLabel(wire.DisplayName, name),
    plural: readLabel(wire.DisplayCollectionName, name),
    key: wire.PrimaryIdAttribute,
    primaryName: primaryName || undefined,
    columns,
    companions: readCompanions(wire, columns),
    navigations: readNavigations(wire),
    alternateKeys: (wire.Keys ?? []).map(({ KeyAttributes }) => KeyAttributes),
  });
}

/**
 * Whether a column is available in the Web API. Virtual columns of another one (`owneridname`) are not. Party lists are
 * rows of another table there, and columns for us.
 */
function isInApi({ IsValidODataAttribute, AttributeOf, AttributeTypeName }: WireAttribute): boolean {
  if (AttributeTypeName?.Value === 'PartyListType') return true;
  return IsValidODataAttribute ?? (AttributeOf ?? null) === null;
}

/** The companions whose names do not follow from their columns. */
function readCompanions(
  { Attributes }: WireTable,
  columns: readonly MetadataColumn[],
): readonly string[] | undefined {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const names = Attributes.filter((attribute) => !isInApi(attribute)).map(({ LogicalName }) => LogicalName);
  const irregular = names.filter((name) => !isRegularCompanion(name, (column) => types.get(column)));
  return irregular.length > 0 ? irregular : undefined;
}

const types: Readonly<Record<string, MetadataColumn['type']>> = {
  UniqueidentifierType: 'uuid',
  StringType: 'string',
  MemoType: 'string',
  EntityNameType: 'string',
  IntegerType: 'integer',
  BigIntType: 'bigint',
  DecimalType: 'decimal',
  DoubleType: 'decimal',
  MoneyType: 'decimal',
  BooleanType: 'boolean',
  DateTimeType: 'date-time',
  PicklistType: 'choice',
  StateType: 'choice',
  StatusType: 'choice',
  MultiSelectPicklistType: 'choices',
  LookupType: 'lookup',
  CustomerType: 'lookup',
  OwnerType: 'lookup',
  FileType: 'file',
  ImageType: 'image',
  PartyListType: 'parties',
};

const levels: Readonly<Record<string, RequiredLevel>> = {
  Recommended: 'recommended',
  ApplicationRequired: 'required',
};

function readColumn(wire: WireAttribute, targets: readonly string[]): MetadataColumn {
  const type = readColumnType(wire);
  const choices = readChoices(wire);
  return omitUndefined({
    name: wire.LogicalName,
    title: readLabel(wire.DisplayName, wire.LogicalName),
    type,
    requiredLevel: levels[wire.RequiredLevel?.Value ?? ''],
    creatable: wire.IsValidForCreate === false ? (false as const) : undefined,
    updatable: wire.IsValidForUpdate === false ? (false as const) : undefined,
    maxLength: wire.MaxLength ?? undefined,
    min: wire.MinValue ?? undefined,
    max: wire.MaxValue ?? undefined,
    precision: wire.Precision ?? undefined,
    timeZoneIndependent:
      type === 'date-time' && wire.DateTimeBehavior?.Value === 'TimeZoneIndependent'
        ? (true as const)
        : undefined,
    hasDefault: hasDefault(wire) ? (true as const) : undefined,
    choices: choices.length > 0 ? choices : undefined,
    targets: type === 'lookup' ? targets : undefined,
  });
}

/** A choice without a default has the number -1. Two options always have one: false if no other is set. */
function hasDefault({ DefaultFormValue, DefaultValue }: WireAttribute): boolean {
  return (DefaultFormValue ?? -1) !== -1 || (DefaultValue ?? null) !== null;
}

function readColumnType({
  AttributeTypeName,
  AttributeType,
  DateTimeBehavior,
}: WireAttribute): MetadataColumn['type'] {
  const type = types[AttributeTypeName?.Value ?? `${AttributeType}Type`] ?? 'other';
  return type === 'date-time' && DateTimeBehavior?.Value === 'DateOnly' ? 'date' : type;
}

function readChoices({ OptionSet, GlobalOptionSet }: WireAttribute): readonly MetadataChoice[] {
  const set = OptionSet ?? GlobalOptionSet;
  const options =
    set?.Options ?? [set?.FalseOption, set?.TrueOption].filter((one): one is WireOption => !!one);
  return options.map(({ Value: value, Label, State: state }) =>
    omitUndefined({ value, label: readLabel(Label, String(value)), state: state ?? undefined }),
  );
}

function readTargets({ ManyToOneRelationships = [] }: WireTable, column: string): readonly string[] {
  const own = ManyToOneRelationships.filter(({ ReferencingAttribute }) => ReferencingAttribute === column);
  return [...new Set(own.map(({ ReferencedEntity }) => ReferencedEntity))];
}

function readNavigations(wire: WireTable): readonly MetadataNavigation[] {
  const manyToOne = (wire.ManyToOneRelationships ?? []).map(
    (relationship): MetadataNavigation => ({
      name: relationship.ReferencingEntityNavigationPropertyName,
      kind: 'manyToOne',
      target: relationship.ReferencedEntity,
      column: relationship.ReferencingAttribute,
    }),
  );
  const oneToMany = (wire.OneToManyRelationships ?? []).map((relationship) => ({
    name: relationship.ReferencedEntityNavigationPropertyName ?? '',
    kind: 'oneToMany' as const,
    target: relationship.ReferencingEntity,
  }));
  const manyToMany = (wire.ManyToManyRelationships ?? []).map((relationship) => {
    const isFirst = relationship.Entity1LogicalName === wire.LogicalName;
    const name = isFirst
      ? relationship.Entity1NavigationPropertyName
      : relationship.Entity2NavigationPropertyName;
    const target = isFirst ? relationship.Entity2LogicalName : relationship.Entity1LogicalName;
    return { name: name ?? '', kind: 'manyToMany' as const, target };
  });
  return [...manyToOne, ...oneToMany, ...manyToMany].filter(({ name }) => name !== '');
}

function readLabel(label: WireLabel | undefined, fallback: string): string {
  return label?.UserLocalizedLabel?.Label || fallback;
}
