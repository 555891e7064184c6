import type {
  MetadataChoice,
  MetadataColumn,
  MetadataName,
  MetadataNavigation,
  MetadataTable,
  RequiredLevel,
} from '../model/metadata.ts';
import type { WireAttribute, WireLabel, WireName, WireOption, WireTable } from './wire.ts';

/** The names of a table; undefined for one that the Web API does not serve. */
export function readName(wire: WireName): MetadataName | undefined {
  const { LogicalName: name, EntitySetName: set } = wire;
  if (!set) return undefined;
  return {
    name,
    set,
    title: textOf(wire.DisplayName, name),
    plural: textOf(wire.DisplayCollectionName, set),
  };
}

/** A table, from its definition and the details of its columns in any order. */
export function readTable(wire: WireTable, details: readonly WireAttribute[]): MetadataTable {
  const more = new Map(details.map((detail) => [detail.LogicalName, detail]));
  const { LogicalName: name, EntitySetName, PrimaryNameAttribute: primaryName } = wire;
  return {
    name,
    set: EntitySetName ?? '',
    title: textOf(wire.DisplayName, name),
    plural: textOf(wire.DisplayCollectionName, name),
    key: wire.PrimaryIdAttribute,
    ...(primaryName ? { primaryName } : {}),
    columns: wire.Attributes.filter(isInApi).map((attribute) =>
      readColumn(
        { ...attribute, ...more.get(attribute.LogicalName) },
        targetsOf(wire, attribute.LogicalName),
      ),
    ),
    navigations: readNavigations(wire),
    keys: (wire.Keys ?? []).map(({ KeyAttributes }) => KeyAttributes),
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
  const type = typeOf(wire);
  const required = levels[wire.RequiredLevel?.Value ?? ''];
  const choices = choicesOf(wire);
  return {
    name: wire.LogicalName,
    title: textOf(wire.DisplayName, wire.LogicalName),
    type,
    ...(required && { required }),
    ...(wire.IsValidForCreate === false && { creatable: false as const }),
    ...(wire.IsValidForUpdate === false && { updatable: false as const }),
    ...(typeof wire.MaxLength === 'number' && { maxLength: wire.MaxLength }),
    ...(choices.length > 0 && { choices }),
    ...(type === 'lookup' && { targets }),
  };
}

function typeOf({
  AttributeTypeName,
  AttributeType,
  DateTimeBehavior,
}: WireAttribute): MetadataColumn['type'] {
  const type = types[AttributeTypeName?.Value ?? `${AttributeType}Type`] ?? 'other';
  return type === 'date-time' && DateTimeBehavior?.Value === 'DateOnly' ? 'date' : type;
}

function choicesOf({ OptionSet, GlobalOptionSet }: WireAttribute): readonly MetadataChoice[] {
  const set = OptionSet ?? GlobalOptionSet;
  const options =
    set?.Options ?? [set?.FalseOption, set?.TrueOption].filter((one): one is WireOption => !!one);
  return options.map(({ Value: value, Label, State: state }) => ({
    value,
    label: textOf(Label, String(value)),
    ...(typeof state === 'number' && { state }),
  }));
}

function targetsOf({ ManyToOneRelationships = [] }: WireTable, column: string): readonly string[] {
  const own = ManyToOneRelationships.filter(({ ReferencingAttribute }) => ReferencingAttribute === column);
  return [...new Set(own.map(({ ReferencedEntity }) => ReferencedEntity))];
}

function readNavigations(wire: WireTable): readonly MetadataNavigation[] {
  const one = (wire.ManyToOneRelationships ?? []).map(
    (way): MetadataNavigation => ({
      name: way.ReferencingEntityNavigationPropertyName,
      kind: 'one',
      target: way.ReferencedEntity,
      column: way.ReferencingAttribute,
    }),
  );
  const many = (wire.OneToManyRelationships ?? []).map((way) => ({
    name: way.ReferencedEntityNavigationPropertyName ?? '',
    kind: 'many' as const,
    target: way.ReferencingEntity,
  }));
  const pairs = (wire.ManyToManyRelationships ?? []).map((way) => {
    const isFirst = way.Entity1LogicalName === wire.LogicalName;
    const name = isFirst ? way.Entity1NavigationPropertyName : way.Entity2NavigationPropertyName;
    const target = isFirst ? way.Entity2LogicalName : way.Entity1LogicalName;
    return { name: name ?? '', kind: 'pairs' as const, target };
  });
  return [...one, ...many, ...pairs].filter(({ name }) => name !== '');
}

function textOf(label: WireLabel | undefined, fallback: string): string {
  return label?.UserLocalizedLabel?.Label || fallback;
}
