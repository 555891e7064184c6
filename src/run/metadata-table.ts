import { ConnectorError } from '../errors/connector-error.ts';
import { joinWithOr } from '../errors/join-with-or.ts';
import { toChoiceNumbers } from '../metadata/choice-numbers.ts';
import { lookupTargetsOf, ownerNavigation } from '../metadata/lookup-targets.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import { partyRoles } from '../metadata/party-roles.ts';
import type { MetadataColumn, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import { principalKey } from '../model/principals.ts';
import type { ActivityParties, Collection, LookupTarget, Table, TableColumn } from '../model/table.ts';
import { toWireName } from '../odata/wire-name.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { type ResolvedTable, resolveTable } from '../query/resolve-table.ts';
import type { Connection } from './connection.ts';
import { withTable } from './require-table.ts';

/** A table that was read from the organization's metadata, and a connection whose definition includes it. */
export interface ConnectionWithTable {
  readonly connection: Connection;
  readonly table: Table;
}

/**
 * Reads a table from the organization's metadata, custom columns included, by any of its names (`case`, `incident`,
 * `incidents`). The columns have their logical names (`prioritycode`, `customerid`), the choices their display labels.
 * INPUT_INVALID with the nearest names if the organization has no such table.
 */
export async function loadTable(connection: Connection, tableName: string): Promise<ConnectionWithTable> {
  const metadata = await requireMetadata(connection, tableName);
  const { source } = connection.queryChecker;
  const table = withOwnNames(connection, await readMetadataTable(source, metadata));
  return { connection: withTable(connection, table), table };
}

/** A table whose lookups take our names of their tables besides the logical ones: rows of typed actions have them. */
function withOwnNames({ definition }: Connection, table: Table): Table {
  const own = Object.values(definition.tables).filter((each) => !isMetadataTable(each));
  const names = new Map(own.map(({ logicalName, name }) => [logicalName, name]));
  const named = <T extends { readonly targets?: readonly LookupTarget[] }>(member: T): T =>
    member.targets === undefined
      ? member
      : {
          ...member,
          targets: member.targets.map((target) => ({ ...target, ownName: names.get(target.logicalName) })),
        };
  return { ...table, columns: table.columns.map(named), parties: table.parties?.map(named) };
}

/** The metadata of a table, by any of its names. INPUT_INVALID if the organization has no such table. */
export async function requireMetadata(connection: Connection, tableName: string): Promise<MetadataTable> {
  return await requireKnown(connection, tableName, (name) => connection.queryChecker.source.getTable(name));
}

/** The entity set of a table, by any of its names. INPUT_INVALID if the organization has no such table. */
export async function requireEntitySet(connection: Connection, tableName: string): Promise<string> {
  return await requireKnown(connection, tableName, (name) =>
    findEntitySet(connection.queryChecker.source, name),
  );
}

/** What is known about a table by its logical name. INPUT_INVALID if that is nothing, also in metadata read just now. */
async function requireKnown<T>(
  { definition, queryChecker: { source } }: Connection,
  tableName: string,
  find: (logicalName: string) => Promise<T | undefined>,
): Promise<T> {
  return await withCurrentMetadata(source, async () => {
    const resolved = await resolveTable(definition, source, tableName);
    const found = await find(resolved.logicalName);
    if (found === undefined) throw unknownTableError(resolved);
    return found;
  });
}

/** The entity set of a table by its logical name; undefined if the organization has no such table. */
export async function findEntitySet(
  source: MetadataSource,
  logicalName: string,
): Promise<string | undefined> {
  return (await source.listTables()).find(({ name }) => name === logicalName)?.entitySet;
}

function unknownTableError({ name, suggestions }: ResolvedTable): ConnectorError {
  const message = `The organization has no table "${name}".`;
  const advice =
    suggestions.length > 0
      ? `Did you mean ${joinWithOr(suggestions)}?`
      : 'Use the logical name of a table, such as incident or new_thing.';
  return new ConnectorError('INPUT_INVALID', message, { suggestions, advice });
}

/** The codec's view of a table: its columns by their logical names. */
export async function readMetadataTable(source: MetadataSource, found: MetadataTable): Promise<Table> {
  const sets = toEntitySets(await source.listTables());
  const columns = found.columns.flatMap((column) => toTableColumn(found, column, sets) ?? []);
  const id = columns.find(({ wireName }) => wireName === found.key);
  const parties = await readParties(source, found, sets);
  return {
    // Names of our own tables have no colon, so this name never replaces one of them.
    name: metadataTableName(found.name),
    title: found.title,
    plural: found.plural,
    logicalName: found.name,
    entitySet: found.entitySet,
    key: found.key,
    primaryName: found.primaryName ?? found.key,
    columns: id === undefined ? columns : [{ ...id, name: 'id', writable: false }, ...columns],
    parties: parties.length > 0 ? parties : undefined,
    collections: collectionsOf(found),
    rowSchema: { type: 'object' },
    inputProperties: {},
  };
}

/** The collections of a table by the names of their navigation properties. */
function collectionsOf({ navigations }: MetadataTable): readonly Collection[] {
  return navigations
    .filter(({ kind }) => kind !== 'manyToOne')
    .map(({ name, target, kind }) => ({
      ...{ name, title: name, navigation: name, table: target, logicalName: target },
      isManyToMany: kind === 'manyToMany' ? (true as const) : undefined,
    }));
}

const metadataTablePrefix = 'record:';

/** The name of a table from metadata in a definition. */
export function metadataTableName(logicalName: string): string {
  return `${metadataTablePrefix}${logicalName}`;
}

/** Whether the columns of a table have their logical names, because it was read from the organization's metadata. */
export function isMetadataTable({ name }: Pick<Table, 'name'>): boolean {
  return name.startsWith(metadataTablePrefix);
}

/** The tables of a definition that were read from the organization's metadata. */
export function metadataTablesOf({ tables }: Connection['definition']): Readonly<Record<string, Table>> {
  return Object.fromEntries(Object.entries(tables).filter(([, table]) => isMetadataTable(table)));
}

type EntitySets = ReadonlyMap<string, string>;

function toEntitySets(names: readonly MetadataTableSummary[]): EntitySets {
  return new Map(names.map(({ name, entitySet }) => [name, entitySet]));
}

/** The column in the codec's form; undefined if rows do not have it as a value of their own. */
function toTableColumn(
  table: MetadataTable,
  column: MetadataColumn,
  sets: EntitySets,
): TableColumn | undefined {
  const { name, title, choices = [], requiredLevel, creatable, updatable } = column;
  if (column.type === 'other' || column.type === 'parties') return undefined;
  const type = column.type === 'file' ? 'uuid' : column.type;
  const hasChoices = type === 'choice' || type === 'choices';
  return {
    name,
    title,
    logicalName: name,
    wireName: toWireName({ name, type }),
    type,
    choices: hasChoices ? toChoiceNumbers(choices) : undefined,
    hasAllChoices: hasChoices && choices.length > 0 ? true : undefined,
    targets: type === 'lookup' ? lookupTargets(table, name, sets) : undefined,
    maxLength: column.maxLength,
    min: column.min,
    max: column.max,
    timeZoneIndependent: column.timeZoneIndependent,
    // A file is uploaded; its column has the id.
    writable: column.type !== 'file' && (creatable !== false || updatable !== false),
    required: requiredLevel === 'required',
  };
}

function lookupTargets(table: MetadataTable, name: string, sets: EntitySets): readonly LookupTarget[] {
  return lookupTargetsOf(table, name).flatMap((target): LookupTarget[] => {
    const entitySet = sets.get(target.table);
    if (entitySet === undefined) return [];
    const found = { ...target, logicalName: target.table, entitySet };
    return [
      name === principalKey ? { ...found, readBy: ownerNavigation(table, target.table) ?? null } : found,
    ];
  });
}

/** The party lists of an activity. Its people are rows of activityparty, each with a role. */
async function readParties(
  source: MetadataSource,
  table: MetadataTable,
  sets: EntitySets,
): Promise<readonly ActivityParties[]> {
  const lists = table.columns.filter(
    ({ type, name }) => type === 'parties' && Object.hasOwn(partyRoles, name),
  );
  const collection = partyCollection(table);
  if (lists.length === 0 || collection === undefined) return [];
  const party = await source.getTable('activityparty');
  const targets = party === undefined ? [] : lookupTargets(party, 'partyid', sets);
  return lists.map(({ name, title }) => ({ name, title, collection, role: partyRoles[name] ?? 0, targets }));
}

/** The navigation property to the parties: that of the table itself, not the one it inherits from activitypointer. */
function partyCollection({ name, navigations }: MetadataTable): string | undefined {
  const toParties = navigations.filter(
    ({ target, kind }) => target === 'activityparty' && kind === 'oneToMany',
  );
  return (toParties.find((one) => one.name === `${name}_activity_parties`) ?? toParties[0])?.name;
}
