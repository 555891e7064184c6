import type { Attribute, AttributeType } from '../../src/model/types.ts';
import { additions, appColumns, unreadableColumns, writeOnlyColumns } from './overrides.ts';
import type { RealColumn, RealTable, RealTables } from './real-tables.ts';
import { completeStatus, realTargets, refineColumn, solutionPrefix, sources } from './refine-column.ts';

/** What the refinement of columns needs. */
export interface RefineContext {
  readonly real: RealTables;
  /** Logical names of the sandbox's tables. */
  readonly known: ReadonlySet<string>;
}

const imageDetails = /^entityimage_(?:timestamp|url)$/;
/** DevKit describes the URL of an image as an image. */
const imageUrl: RealColumn = {
  logicalName: 'entityimage_url',
  schemaName: 'EntityImage_URL',
  type: 'String',
  readOnly: true,
  maxLength: 200,
  format: 'Url',
};

/** The columns of a table. */
export interface RefinedColumns {
  readonly attributes: readonly Attribute[];
  /** Columns that rows do not have. */
  readonly metadataColumns: readonly Attribute[];
}

/** The columns of a table with the details of real metadata, and the standard columns that were missing. */
export function refineColumns(
  table: string,
  columns: readonly Attribute[],
  { real, known }: RefineContext,
): RefinedColumns {
  const own = real[table];
  const shared = columns.some(({ logicalName }) => logicalName === 'activitytypecode')
    ? real.activitypointer
    : undefined;
  const byName = new Map(
    [...(shared?.attributes ?? []), ...(own?.attributes ?? [])].map((column) => [
      column.logicalName,
      column.logicalName === 'entityimage_url' && column.type === 'Image' ? imageUrl : column,
    ]),
  );
  const refined = columns
    .filter(({ logicalName }) => !isOfOtherApp(table, logicalName, own && byName))
    .map((column) => {
      const found = byName.get(column.logicalName);
      return applyRules(found ? refineColumn(table, column, { column: found, known }) : column);
    });
  // Left out: columns that cannot be read, times of tables without them, and lookups that lead nowhere.
  const isUsable = ({ logicalName, type, targets }: Attribute) =>
    !unreadableColumns.has(`${table}.${logicalName}`) &&
    (type !== 'Lookup' || targets !== undefined) &&
    (own === undefined || byName.has(logicalName) || !/^(created|modified)(on|by)/.test(logicalName));
  const isInherited = (column: Attribute) => shared !== undefined && !isOwn(column, own);
  const all = [...refined, ...missingColumns(own, columns, known).map(applyRules)].filter(isUsable);
  const states = all.find(({ type }) => type === 'State')?.options ?? [];
  return {
    attributes: all
      .map((column) => (isInherited(column) ? { ...column, inherited: true, default: undefined } : column))
      .map((column) =>
        writeOnlyColumns.has(`${table}.${column.logicalName}`)
          ? { ...column, validForRead: false as const }
          : column,
      )
      .map((column) => completeStatus(table, column, { real: byName.get(column.logicalName), states }))
      .sort(byLogicalName),
    metadataColumns: metadataColumns(own, columns, known).sort(byLogicalName),
  };
}

/** Whether only Finance and Operations or Field Service add a column of the first pass: another organization lacks it. */
function isOfOtherApp(
  table: string,
  logicalName: string,
  real: ReadonlyMap<string, RealColumn> | undefined,
): boolean {
  if (logicalName === 'msdyn_ordertype') return true;
  if (additions[table]?.[logicalName] || /^msdyn_(?:agenttype|contentstore)$/i.test(logicalName))
    return false;
  return real !== undefined && logicalName.startsWith('msdyn_') && !real.has(logicalName);
}

/** Whether an activity table defines a column itself. New rows have no default values in the others. */
function isOwn({ logicalName }: Attribute, own: RealTable | undefined): boolean {
  if (!own || own.logicalName === 'activitypointer') return true;
  return own.attributes.some((column) => column.logicalName === logicalName);
}

const byLogicalName = (a: Attribute, b: Attribute): number => (a.logicalName < b.logicalName ? -1 : 1);

/** Rules that hold for every table of Dataverse. */
function applyRules(column: Attribute): Attribute {
  if (column.type === 'Owner') return { ...column, required: 'SystemRequired' };
  if (column.type === 'State') return { ...column, required: 'SystemRequired' };
  return column;
}

const storedTypes: ReadonlySet<string> = new Set([
  ...['String', 'Memo', 'Integer', 'BigInt', 'Decimal', 'Double', 'Money', 'Boolean', 'DateTime'],
  ...['Picklist', 'Lookup', 'Customer', 'Owner', 'State', 'Status', 'Uniqueidentifier', 'EntityName'],
]);

const isStandardColumn = ({ logicalName, isCustom, attributeOf }: RealColumn): boolean =>
  !isCustom &&
  (attributeOf === undefined || imageDetails.test(logicalName)) &&
  !solutionPrefix.test(logicalName);

/** The columns of real metadata that the model lacks, without those of solutions and virtual companions. */
function missingColumns(
  table: RealTable | undefined,
  columns: readonly Attribute[],
  known: ReadonlySet<string>,
): Attribute[] {
  const names = new Set(columns.map(({ logicalName }) => logicalName));
  return (table?.attributes ?? [])
    .map((real): RealColumn => (real.logicalName === 'entityimage_url' ? imageUrl : real))
    .filter(({ logicalName, type }) => !names.has(logicalName) && storedTypes.has(type))
    .filter(({ logicalName }) => logicalName !== 'allparties')
    .filter(
      ({ validODataAttribute, validForRead }) => validODataAttribute !== false && validForRead !== false,
    )
    .filter(
      (column) =>
        appColumns[table?.logicalName ?? '']?.includes(column.logicalName) ||
        isStandardColumn(column) ||
        (isOfSolution(table) && column.attributeOf === undefined),
    )
    .map((real) => newColumn(table?.logicalName ?? '', real, known));
}

/** Whether a table belongs to a solution, so that its own columns have the prefix of the solution. */
const isOfSolution = (table: RealTable | undefined): boolean => table?.logicalName.includes('_') ?? false;

/** The columns of real metadata that rows do not have: lists of parties, and columns that cannot be read. */
function metadataColumns(
  table: RealTable | undefined,
  columns: readonly Attribute[],
  known: ReadonlySet<string>,
): Attribute[] {
  const names = new Set(columns.map(({ logicalName }) => logicalName));
  return (table?.attributes ?? [])
    .filter(({ logicalName, isCustom, attributeOf }) => {
      const isStandard = !isCustom && !solutionPrefix.test(logicalName);
      return isStandard && attributeOf === undefined && !names.has(logicalName);
    })
    .map((real): RealColumn => (real.logicalName === 'allparties' ? { ...real, type: 'PartyList' } : real))
    .filter(({ type, validODataAttribute: isProperty }) => {
      return type === 'PartyList' || (isProperty === false && storedTypes.has(type));
    })
    .map((real) => {
      const column = newColumn(table?.logicalName ?? '', real, known);
      const targets = (real.targets ?? []).filter((target) => !target.includes('_'));
      if (real.type !== 'PartyList') return column;
      return { ...column, targets: targets.map((target) => ({ table: target, navigation: '' })) };
    });
}

/** A column that only real metadata has. */
function newColumn(table: string, real: RealColumn, known: ReadonlySet<string>): Attribute {
  const { logicalName } = real;
  const type = real.type as AttributeType;
  const isLookupWithoutTarget = type === 'Lookup' && realTargets({ column: real, known }).length === 0;
  const column: Attribute = {
    logicalName,
    schemaName: logicalName,
    displayName: logicalName,
    type: isLookupWithoutTarget ? 'Uniqueidentifier' : type,
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    maxLength: type === 'Memo' ? 2000 : type === 'String' ? 100 : undefined,
    dateOnly: real.dateTimeBehavior === 'DateOnly' || undefined,
    default: type === 'Boolean' ? real.default === true : undefined,
    targets: type === 'Owner' ? [{ table: 'principal', navigation: logicalName }] : undefined,
    source: sources[real.sourceKind ?? ''],
  };
  return refineColumn(table, column, { column: real, known });
}
