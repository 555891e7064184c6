import { ConnectorError } from '../errors/connector-error.ts';
import type { ActionDefinition } from '../model/definition.ts';
import type { Issue } from '../model/diagnostic.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { parseJsonPointer } from '../model/json-pointer.ts';
import type { Table, TableColumn } from '../model/table.ts';
import type { Reject } from '../odata/encode-scalar.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import { type CheckedOperation, findInputIssues, requireNoIssues } from './check-input.ts';
import { encodeColumnValue } from './codec/encode-value.ts';
import { rejectAt } from './codec/invalid-value.ts';
import type { Connection } from './connection.ts';
import { fromReadRow } from './from-read-row.ts';
import { readMetadataTable } from './metadata-table.ts';
import { outputTableOf } from './require-table.ts';
import { resolveStatusInputs } from './status-inputs.ts';

/** Rules of our table schemas that an organization can change: lengths, ranges, and the values of choices. */
const changeableRules: readonly string[] = ['maxLength', 'minimum', 'maximum', 'anyOf', 'enum'];

/**
 * Checks the input of an action like `checkInput`. Before a value is refused by a length, a range or a list of choices
 * of our table schema, the organization's own column judges it: an administrator can change all of them. Reads
 * metadata only in this case.
 */
export async function checkActionInput(
  connection: Connection,
  action: ActionDefinition,
  given: JsonObject,
): Promise<JsonObject> {
  const statuses = await resolveStatusInputs(connection, action, given);
  const input = Object.keys(statuses).length === 0 ? given : { ...given, ...statuses };
  // The inputs have the names of columns of the rows that the action returns.
  return await checkColumnInputs(connection, action, outputTableOf(connection, action), input);
}

/** Checks the input of an operation whose inputs have the names of columns of a table. */
export async function checkColumnInputs(
  connection: Connection,
  operation: CheckedOperation,
  table: Table | undefined,
  input: JsonObject,
): Promise<JsonObject> {
  const readAs = readRowInput(connection, operation, table);
  const { filled, issues } = findInputIssues(connection.validator, operation, input, readAs);
  if (table === undefined || !isJudgedByOrganization(issues)) {
    return requireNoIssues(operation.id, { filled, issues });
  }
  return await withCurrentMetadata(connection.queryChecker.source, async () => {
    const judged = await judgeByOrganization(connection, table, filled, issues);
    return requireNoIssues(operation.id, { filled: judged.row, issues: judged.issues });
  });
}

/** How an operation reads an input that has the columns of a table. */
export function readRowInput(
  { definition: { tables } }: Pick<Connection, 'definition'>,
  { input }: Pick<CheckedOperation, 'input'>,
  table: Table | undefined,
): ((row: JsonObject) => JsonObject) | undefined {
  return table && ((row) => fromReadRow(row, { table, tables, input }));
}

/** Whether all issues come from rules that an organization can change: not the tables that a lookup can refer to. */
export function isJudgedByOrganization(issues: readonly Issue[]): boolean {
  const isChangeable = ({ keyword, path }: Issue) =>
    changeableRules.includes(keyword) && !path.endsWith('/table');
  return issues.length > 0 && issues.every(isChangeable);
}

/** A row as the organization takes it, and what it refuses of it. */
export interface JudgedRow {
  /** With labels of choices as their numbers where our schema refuses them. */
  readonly row: JsonObject;
  readonly issues: readonly Issue[];
}

/**
 * Lets the organization's columns judge the values that our schema refuses. Issues that an organization cannot change
 * stay as they are, and so does every issue if the metadata cannot be read.
 */
export async function judgeByOrganization(
  connection: Connection,
  table: Table,
  row: JsonObject,
  issues: readonly Issue[],
): Promise<JudgedRow> {
  const names = [...new Set(issues.map(nameOf))];
  const own = names.map((name) => table.columns.find((column) => column.name === name));
  const unjudged = { row, issues };
  if (!isJudgedByOrganization(issues) || !own.every((column) => column !== undefined)) return unjudged;
  const columns = await readColumns(connection, table).catch(ignoreConnectorError);
  if (columns === undefined) return unjudged;
  const judged = own.map((column) => ({
    ...judgeValue(column, columns, row[column.name] ?? null),
    name: column.name,
  }));
  const accepted = judged.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return {
    row: { ...row, ...Object.fromEntries(accepted) },
    issues: judged.flatMap(({ name, value, issue }) => {
      if (value !== undefined) return [];
      return issue === undefined ? issues.filter((each) => nameOf(each) === name) : [issue];
    }),
  };
}

/** The column that an issue is about. */
function nameOf({ path }: Issue): string {
  return parseJsonPointer(path)[0] ?? '';
}

async function readColumns(connection: Connection, table: Table): Promise<readonly TableColumn[]> {
  const { source } = connection.queryChecker;
  const metadata = await source.getTable(table.logicalName);
  return metadata === undefined ? [] : (await readMetadataTable(source, metadata)).columns;
}

/** The value that the organization takes, or why it refuses it if our schema does not say that better. */
function judgeValue(
  own: TableColumn,
  columns: readonly TableColumn[],
  value: Json,
): { readonly value?: Json; readonly issue?: Issue } {
  const column = columns.find(({ logicalName }) => logicalName === own.logicalName);
  if (column === undefined || column.type !== own.type || value === null) return {};
  try {
    return { value: organizationValue(column, value, rejectAt('', own.name)) };
  } catch (error) {
    const [issue] = error instanceof ConnectorError ? (error.details.issues ?? []) : [];
    if (issue === undefined) throw error;
    // The labels of a column have other forms than those of our schema, which programs use.
    return isUnknownLabel(column, value) ? {} : { issue };
  }
}

function isUnknownLabel({ choices }: TableColumn, value: Json): boolean {
  return choices !== undefined && [value].flat().every((label) => !Object.hasOwn(choices, String(label)));
}

/** The value in a form that our schema does not judge: a choice as its number. Throws if the organization refuses it. */
function organizationValue(column: TableColumn, value: Json, reject: Reject): Json {
  const encoded = encodeColumnValue(column, value, reject);
  if (column.type === 'choices') return encoded === null ? [] : String(encoded).split(',').map(Number);
  return column.type === 'choice' ? encoded : value;
}
