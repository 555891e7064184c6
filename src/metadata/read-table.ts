import type {
  MetadataChoice,
  MetadataColumn,
  MetadataNavigation,
  MetadataTable,
  MetadataTableSummary,
  RequiredLevel,
} from '../model/metadata.ts';
import type { WireAttribute, WireLabel, WireOption, WireTable, WireTableNames } from './wire-types.ts';

/** The names of a table; undefined for one that the Web API does not serve. */
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

/** A table, from its definition and the details of its columns in any order. */
export function readTable(wire: WireTable, details: readonly WireAttribute[]): MetadataTable {
  const more = new Map(details.map((detail) => [detail.LogicalName, detail]));
  const { LogicalName: name, EntitySetName, PrimaryNameAttribute: primaryName } = wire;
  return {
    name,
    entitySet: EntitySetName ?? '',
    title: readLabel(wire.DisplayName, name),
    plural: readLabel(wire.DisplayCollectionName, name),
    key: wire.PrimaryIdAttribute,
    ...(primaryName ? { primaryName } : {}),
    columns: wire.Attributes.filter(isInApi).map((attribute) =>
      readColumn(
        { ...attribute, ...more.get(attribute.LogicalName) },
        readTargets(wire, attribute.LogicalName),
      ),
    ),
    navigations: readNavigations(wire),
    alternateKeys: (wire.Keys ?? []).map(({ KeyAttributes }) => KeyAttributes),
  };
}

/** Columns that only mirror another one (`owneridname`) are not part of the Web API. */
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
  const required = levels[wire.RequiredLevel?.Value ?? ''];
  const choices = readChoices(wire);
  return {
    name: wire.LogicalName,
    title: readLabel(wire.DisplayName, wire.LogicalName),
    type,
    ...(required && { requiredLevel: required }),
    ...(wire.IsValidForCreate === false && { creatable: false as const }),
    ...(wire.IsValidForUpdate === false && { updatable: false as const }),
    ...(typeof wire.MaxLength === 'number' && { maxLength: wire.MaxLength }),
    ...(choices.length > 0 && { choices }),
    ...(type === 'lookup' && { targets }),
  };
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
  return options.map(({ Value: value, Label, State: state }) => ({
    value,
    label: readLabel(Label, String(value)),
    ...(typeof state === 'number' && { state }),
  }));
}

function readTargets({ ManyToOneRelationships = [] }: WireTable, column: string): readonly string[] {
  const own = ManyToOneRelationships.filter(({ ReferencingAttribute }) => ReferencingAttribute === column);
  return [...new Set(own.map(({ ReferencedEntity }) => ReferencedEntity))];
}

function readNavigations(wire: WireTable): readonly MetadataNavigation[] {
  const one = (wire.ManyToOneRelationships ?? []).map(
    (way): MetadataNavigation => ({
      name: way.ReferencingEntityNavigationPropertyName,
      kind: 'manyToOne',
      target: way.ReferencedEntity,
      column: way.ReferencingAttribute,
    }),
  );
  const many = (wire.OneToManyRelationships ?? []).map((way) => ({
    name: way.ReferencedEntityNavigationPropertyName ?? '',
    kind: 'oneToMany' as const,
    target: way.ReferencingEntity,
  }));
  const pairs = (wire.ManyToManyRelationships ?? []).map((way) => {
    const isFirst = way.Entity1LogicalName === wire.LogicalName;
    const name = isFirst ? way.Entity1NavigationPropertyName : way.Entity2NavigationPropertyName;
    const target = isFirst ? way.Entity2LogicalName : way.Entity1LogicalName;
    return { name: name ?? '', kind: 'manyToMany' as const, target };
  });
  return [...one, ...many, ...pairs].filter(({ name }) => name !== '');
}

function readLabel(label: WireLabel | undefined, fallback: string): string {
  return label?.UserLocalizedLabel?.Label || fallback;
}
