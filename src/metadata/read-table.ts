import type {
  MetadataChoice,
  MetadataColumn,
  MetadataNavigation,
  MetadataTable,
  MetadataTableSummary,
  RequiredLevel,
} from '../model/metadata.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
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
  return omitUndefined({
    name,
    entitySet: EntitySetName ?? '',
    title: readLabel(wire.DisplayName, name),
    plural: readLabel(wire.DisplayCollectionName, name),
    key: wire.PrimaryIdAttribute,
    primaryName: primaryName || undefined,
    columns: wire.Attributes.filter(isInApi).map((attribute) =>
      readColumn(
        { ...attribute, ...more.get(attribute.LogicalName) },
        readTargets(wire, attribute.LogicalName),
      ),
    ),
    navigations: readNavigations(wire),
    alternateKeys: (wire.Keys ?? []).map(({ KeyAttributes }) => KeyAttributes),
  });
}

/** Whether a column is available in the Web API. Virtual columns of another one (`owneridname`) are not. */
function isInApi({ IsValidODataAttribute, AttributeOf }: WireAttribute): boolean {
  return IsValidODataAttribute ?? (AttributeOf ?? null) === null;
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
  FileType: 'uuid',
};

const levels: Readonly<Record<string, RequiredLevel>> = {
  Recommended: 'recommended',
  ApplicationRequired: 'required',
  SystemRequired: 'required',
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
    choices: choices.length > 0 ? choices : undefined,
    targets: type === 'lookup' ? targets : undefined,
  });
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
