import { ConnectorError } from '../errors/connector-error.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import type { RequestAction } from '../model/definition.ts';
import type { Issue } from '../model/diagnostic.ts';
import type { Expand } from '../model/expand.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { toJsonPointer } from '../model/json-pointer.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { customColumnsName, type Table, type TableColumn } from '../model/table.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { encodeRow } from './codec/encode-row.ts';
import { throwIfInvalid } from './codec/invalid-value.ts';
import type { Connection, Planner } from './connection.ts';
import { expandTable, withTablesOf } from './expand-table.ts';
import { readMetadataTable } from './metadata-table.ts';
import { requireTable, withTable } from './require-table.ts';

/**
 * Applies the inputs of an action that choose columns: `columns` (our names; the row has no others), `customColumns`
 * (columns of the organization: their names for a read, their values for a write) and `expand`.
 *
 * @returns a connection whose definition has the table with these columns
 * @throws INPUT_INVALID for a column that the organization does not have, or a value that does not fit its column
 */
export async function applyColumnInputs(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
): Promise<Connection> {
  const { columnInputs = [], output } = action;
  const custom = columnInputs.includes(customColumnsName) ? (input[customColumnsName] ?? null) : null;
  const loaded = await loadExpandedTables(connection, action, input);
  const narrowed = narrowColumns(loaded, action, input);
  if (custom === null || !('table' in output)) return narrowed;
  const isNew = action.request.safety === 'create';
  return await withCustomColumns(narrowed, output.table, { custom, isNew });
}

/**
 * Applies the inputs `columns` (a read returns these columns of the table, and the id) and `expand`, whose tables must be
 * known: it reads no metadata.
 */
export function narrowColumns<Kind extends Planner>(
  connection: Kind,
  action: RequestAction,
  input: JsonObject,
): Kind {
  const { columnInputs = [], output } = action;
  if (!('table' in output)) return connection;
  const { columns = null } = columnInputs.includes('columns') ? input : {};
  const expand = expandOf(action, input);
  if (!isJsonArray(columns) && expand === undefined) return connection;
  const table = requireTable(connection.definition, output.table);
  const expanded = expand && expandTable(connection, table, expand, '/expand');
  const selected = isJsonArray(columns) ? ['id', ...columns.map(String)] : table.selected;
  return withTable(connection, omitUndefined({ ...table, selected, expanded }));
}

/** What the action and its caller expand; undefined if that is nothing. */
function expandOf({ columnInputs = [], output }: RequestAction, input: JsonObject): Expand | undefined {
  const own = 'table' in output ? output.expand : undefined;
  const { expand = null } = columnInputs.includes('expand') ? input : {};
  if (own === undefined && expand === null) return undefined;
  return { ...own, ...(expand as Expand | null) };
}

async function loadExpandedTables(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
): Promise<Connection> {
  const expand = expandOf(action, input);
  if (expand === undefined || !('table' in action.output)) return connection;
  return await withTablesOf(connection, requireTable(connection.definition, action.output.table), expand);
}

/** Throws INPUT_INVALID if the input needs columns of the organization, for a plan that is made without a network. */
export function rejectCustomColumns({ id, columnInputs = [] }: RequestAction, input: JsonObject): void {
  const path = `/${customColumnsName}`;
  if (!columnInputs.includes(customColumnsName) || (input[customColumnsName] ?? null) === null) return;
  const message = 'needs the metadata of the organization, which is not read to explain a request';
  throw new ConnectorError('INPUT_INVALID', `${id}: ${path} ${message}`, {
    operation: id,
    issues: [{ path, message, keyword: 'column' }],
  });
}

/** Which columns of the organization a row has beside those of its schema. */
export interface CustomColumnsInput {
  /** Their names, or their values by name. */
  readonly custom: Json;
  /** The row does not exist yet. */
  readonly isNew?: boolean;
  /** Where the row is in the input, for the paths of issues. */
  readonly path?: string;
}

/** A connection whose table has these columns of the organization as well. */
export async function withCustomColumns(
  connection: Connection,
  tableName: string,
  { custom, isNew, path = '' }: CustomColumnsInput,
): Promise<Connection> {
  const names = isJsonArray(custom) ? custom.map(String) : Object.keys(isJsonObject(custom) ? custom : {});
  if (names.length === 0) return connection;
  const own = requireTable(connection.definition, tableName);
  return await withCurrentMetadata(connection.queryChecker.source, async () => {
    const all = await loadCustomColumns(connection, own);
    const chosen = chooseColumns(own, all, { names, isRead: isJsonArray(custom), path });
    const table = { ...own, columns: [...own.columns, ...chosen] };
    const extended = withTable(connection, table);
    // The values are checked while the metadata can still be compared; they are encoded again with the whole row.
    if (isJsonObject(custom)) encodeRow(table, { [customColumnsName]: custom }, { path, isNew });
    return extended;
  });
}

/** A connection whose table has all columns of the organization, for rows whose columns are not known in advance. */
export async function withAllCustomColumns(connection: Connection, table: Table): Promise<Connection> {
  const columns = [...table.columns, ...(await loadCustomColumns(connection, table))];
  return withTable(connection, { ...table, columns });
}

/** The columns of the organization that a table schema does not have. */
async function loadCustomColumns(
  { queryChecker: { source } }: Connection,
  own: Table,
): Promise<readonly TableColumn[]> {
  const metadata = await source.getTable(own.logicalName);
  const known = new Set(own.columns.map(({ logicalName }) => logicalName));
  const columns = metadata === undefined ? [] : (await readMetadataTable(source, metadata)).columns;
  return columns
    .filter(({ name, logicalName }) => name !== 'id' && !known.has(logicalName))
    .map((column) => ({ ...column, isCustom: true as const }));
}

interface ChosenNames {
  readonly names: readonly string[];
  readonly isRead: boolean;
  readonly path: string;
}

function chooseColumns(
  own: Table,
  all: readonly TableColumn[],
  { names, isRead, path }: ChosenNames,
): readonly TableColumn[] {
  const issues: Issue[] = [];
  const chosen = names.flatMap((name, at) => {
    const column = all.find(({ logicalName }) => logicalName === name);
    if (column !== undefined && (isRead || column.writable)) return [column];
    const message = column === undefined ? unknownColumn(own, all, name) : 'is set by Dataverse only';
    const pointer = path + toJsonPointer(customColumnsName, isRead ? at : name);
    issues.push({ path: pointer, message: isRead ? `"${name}" ${message}` : message, keyword: 'column' });
    return [];
  });
  throwIfInvalid(issues);
  return chosen;
}

function unknownColumn(own: Table, all: readonly TableColumn[], name: string): string {
  const ours = own.columns.find((column) => column.logicalName === name || column.name === name);
  if (ours !== undefined) return `is the column "${ours.name}" of the action`;
  const known = all.map(({ logicalName }) => logicalName);
  return `is not a column of the table ${own.logicalName}${didYouMean(name, known)}`;
}
