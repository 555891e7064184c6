import type { AttributeRequiredLevel, ChoiceOption } from '../../src/model/types.ts';
import { schemaNavigations } from './overrides.ts';
import type { RealColumn, RealTable } from './real-tables.ts';

// The shape of `devkit-organization.json`: the generated classes of Dynamics-Crm-DevKit (MIT), which describe one
// organization with Sales and Service.

interface DevkitColumn {
  readonly schemaName: string;
  readonly logicalName: string;
  readonly displayName?: string;
  /** `Single Line of Text`, `Two Option`, … */
  readonly kind: string;
  /** Type in C#, for example `decimal?`. */
  readonly clr: string;
  readonly readOnly?: boolean;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly format?: string;
  readonly dateTimeBehavior?: string;
  readonly targets?: readonly string[];
  readonly options?: readonly ChoiceOption[];
  readonly default?: boolean;
}

interface DevkitTable {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly set: string;
  readonly displayName: string;
  readonly displayCollectionName: string;
  readonly typeCode: number;
  readonly primaryId: string;
  readonly primaryName?: string;
  readonly attributes: readonly DevkitColumn[];
  readonly navigations?: readonly {
    readonly navigation: string;
    /** `_customerid_value` */
    readonly value: string;
    readonly table: string;
  }[];
}

export type DevkitTables = Readonly<Record<string, DevkitTable>>;

/** Required levels of the Common Data Model (`cdm-required-levels.json`), by table and column. */
export type CdmLevels = Readonly<Record<string, Readonly<Record<string, { readonly required?: string }>>>>;

const types: Readonly<Record<string, RealColumn['type']>> = {
  'Primary Key': 'Uniqueidentifier',
  Uniqueidentifier: 'Uniqueidentifier',
  'Primary Name': 'String',
  'Single Line of Text': 'String',
  'Multiple Lines of Text': 'Memo',
  'Whole Number': 'Integer',
  BigInt: 'BigInt',
  'Decimal Number': 'Decimal',
  Currency: 'Money',
  'Two Option': 'Boolean',
  'Date and Time': 'DateTime',
  OptionSet: 'Picklist',
  'MultiSelect OptionSet': 'MultiSelectPicklist',
  Status: 'State',
  'Status Reason': 'Status',
  Lookup: 'Lookup',
  'Lookup:': 'Lookup',
  EntityName: 'EntityName',
  Image: 'Image',
};
const clrTypes: Readonly<Record<string, RealColumn['type']>> = {
  'decimal?': 'Decimal',
  'double?': 'Double',
  'int?': 'Integer',
  string: 'String',
  'DateTime?': 'DateTime',
};
/** The lists of activity parties; DevKit describes them as lookups. */
const partyLists: ReadonlySet<string> = new Set([
  ...['from', 'to', 'cc', 'bcc', 'requiredattendees', 'optionalattendees', 'organizer'],
  ...['customers', 'partners', 'resources', 'related'],
]);
const levels: Readonly<Record<string, AttributeRequiredLevel>> = {
  systemrequired: 'SystemRequired',
  required: 'ApplicationRequired',
  recommended: 'Recommended',
};

/** A table of DevKit in the shape of the other metadata, with the required levels of the Common Data Model. */
export function readDevkitTable(table: DevkitTable, cdm: CdmLevels): RealTable {
  const { logicalName, schemaName, set, displayName, displayCollectionName, typeCode } = table;
  const { primaryId, primaryName } = table;
  return {
    ...{ logicalName, schemaName, set: set.trim().toLowerCase() },
    ...{ displayName, displayCollectionName, typeCode, primaryId, primaryName },
    sources: ['phuocle/Dynamics-Crm-DevKit'],
    attributes: table.attributes.map((column) => readColumn(table, column, cdm[logicalName] ?? {})),
  };
}

function readColumn(table: DevkitTable, column: DevkitColumn, required: CdmLevels[string]): RealColumn {
  // A class of DevKit cannot have a second member "EntityName".
  const logicalName = column.logicalName === 'entityname2' ? 'entityname' : column.logicalName;
  const hasSchemaName = schemaNavigations.has(`${table.logicalName}.${logicalName}`);
  const type = typeOf(column, table);
  const property = `_${logicalName}_value`;
  const navigations = (table.navigations ?? [])
    .filter(({ value }) => value === property)
    .map(({ table: target, navigation }) => ({
      table: target,
      navigation: hasSchemaName ? column.schemaName : navigation,
    }));
  return {
    ...column,
    logicalName,
    schemaName: logicalName === 'entityname' ? 'EntityName' : column.schemaName,
    type,
    source: 'devkit',
    required: levels[required[logicalName]?.required ?? ''] ?? 'None',
    navigations: navigations.length > 0 ? navigations : undefined,
  };
}

function typeOf(
  { logicalName, kind, clr, targets = [] }: DevkitColumn,
  table: DevkitTable,
): RealColumn['type'] {
  const isActivity = table.attributes.some((each) => each.logicalName === 'activitytypecode');
  if (isActivity && partyLists.has(logicalName)) return 'PartyList';
  if (logicalName === 'ownerid') return 'Owner';
  if (kind === 'Lookup' && /^(billing)?customerid$/.test(logicalName) && targets.length === 2)
    return 'Customer';
  return types[kind] ?? clrTypes[clr] ?? 'Virtual';
}
