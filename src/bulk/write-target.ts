import { ConnectorError } from '../errors/connector-error.ts';
import type { Issue } from '../model/diagnostic.ts';
import { isGuid } from '../model/guid.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { customColumnsName, type Table } from '../model/table.ts';
import { hasChanged } from '../query/current-metadata.ts';
import { isJudgedByOrganization, judgeByOrganization, readRowInput } from '../run/ask-organization.ts';
import { type EncodedRecord, encodeRecord } from '../run/codec/encode-record.ts';
import { encodeRow } from '../run/codec/encode-row.ts';
import { rowKey } from '../run/codec/row-key.ts';
import { withAllCustomColumns } from '../run/column-inputs.ts';
import type { Connection } from '../run/connection.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { loadLookupTables } from '../run/load-lookup-tables.ts';
import {
  type ConnectionWithTable,
  isMetadataTable,
  loadTable,
  metadataTablesOf,
} from '../run/metadata-table.ts';
import { requireTable } from '../run/require-table.ts';
import type { Chunk } from './chunk-rows.ts';
import type { WriteJob } from './write-job.ts';

/** One row that is ready to be sent. */
export interface WriteTarget {
  readonly index: number;
  /** Absent for an upsert by alternate key. */
  readonly id?: string;
  /** The percent-encoded key in the URL, after the entity set: `(id)` or `(accountnumber='A1')`. */
  readonly key: string;
  /** The encoded columns, without those of the key: Dataverse refuses a new row that repeats them in a bulk message. */
  readonly body: JsonObject;
}

/** A row that cannot be sent, and why. */
export interface RejectedRow {
  readonly index: number;
  readonly error: ConnectorError;
}

/** Encodes the rows of a chunk. The result does not depend on how the rows are split into chunks. */
export type EncodeChunk = (
  chunk: Pick<Chunk, 'rows' | 'start'>,
) => Promise<readonly (WriteTarget | RejectedRow)[]>;

/**
 * Creates the encoder of a job. The organization's metadata is read for a table without a schema, and for rows with
 * `customColumns`; before a row is rejected because of it, its version is compared once for the chunk.
 */
export function createChunkEncoder(connection: Connection, job: WriteJob, table: Table): EncodeChunk {
  return async ({ rows, start }) => {
    const encode = async () => {
      const current = await loadRowTable(connection, table, rows);
      return await Promise.all(
        rows.map((given, at) =>
          askOrganization({ ...current, job }, given, (row, issues) =>
            toTarget({ ...current, job, row, index: start + at, issues }),
          ),
        ),
      );
    };
    const targets = await encode();
    const isRejected = targets.some(
      (target, at) =>
        'error' in target &&
        (isMetadataTable(table) ||
          hasCustomColumns(rows[at]) ||
          isJudgedByOrganization(target.error.details.issues ?? [])),
    );
    return isRejected && (await hasChanged(connection.queryChecker.source)) ? await encode() : targets;
  };
}

/**
 * A row that our table schema refuses, but the organization takes, with the values in a form that our schema does not
 * judge. Most rows need no question.
 */
async function askOrganization(
  { connection, table, job }: Omit<RowToEncode, 'row' | 'index' | 'issues'>,
  row: JsonObject,
  encode: (row: JsonObject, issues: readonly Issue[]) => WriteTarget | RejectedRow,
): Promise<WriteTarget | RejectedRow> {
  const action = connection.definition.actions[`${table.name}.${job.verb}`];
  if (action === undefined || isMetadataTable(table)) return encode(row, []);
  const readAs = readRowInput(connection, action, table);
  const meant = readAs === undefined || !isJsonObject(row) ? row : readAs(row);
  const issues = connection.validator.issues(action.input, inputOf(job, meant));
  if (issues.length === 0) return encode(meant, []);
  const judged = await judgeByOrganization(connection, table, meant, issues);
  return encode(judged.row, judged.issues);
}

/** A row as the input of the action for one row. */
function inputOf({ verb, matchOn = ['id'] }: WriteJob, row: JsonObject): JsonObject {
  return verb === 'upsert' ? { ...row, matchOn } : row;
}

/** The table with the columns that the rows need. */
async function loadRowTable(
  connection: Connection,
  table: Table,
  rows: readonly JsonObject[],
): Promise<ConnectionWithTable> {
  if (isMetadataTable(table)) {
    const loaded = await loadTable(connection, table.logicalName);
    return { ...loaded, connection: await loadLookupTables(loaded.connection, loaded.table, rows) };
  }
  if (!rows.some(hasCustomColumns)) return { connection, table };
  const extended = await withAllCustomColumns(connection, table);
  return { connection: extended, table: requireTable(extended.definition, table.name) };
}

/** Rows come from the caller and are checked later. */
function hasCustomColumns(row: JsonObject | undefined): boolean {
  return isJsonObject(row) && (row[customColumnsName] ?? null) !== null;
}

interface RowToEncode extends ConnectionWithTable {
  readonly job: WriteJob;
  readonly row: JsonObject;
  readonly index: number;
  /** What the action's schema and the organization refuse. */
  readonly issues: readonly Issue[];
}

/** Checks and encodes a row, like the input of the action for one row. */
function toTarget(given: RowToEncode): WriteTarget | RejectedRow {
  const { connection, table, job, row, index } = given;
  const { verb } = job;
  const keys = keyColumns(job);
  try {
    if (verb === 'delete') return { index, ...addressOf(requireId(table, row, index)), body: {} };
    const { body, id: ownId } = isMetadataTable(table) ? encodeRecordRow(given) : encodeTypedRow(given);
    if (keys.length > 0) return { index, key: rowKey(table, keys, row, `/${index}`), body };
    const id = verb === 'create' ? (ownId ?? newId(connection, job, index)) : requireId(table, row, index);
    return { index, ...addressOf(id), body };
  } catch (error) {
    if (error instanceof ConnectorError) return { index, error };
    throw error;
  }
}

function addressOf(id: string): Pick<WriteTarget, 'id' | 'key'> {
  return { id, key: `(${id})` };
}

/** The id of a row. Rows whose columns have logical names can have it as their primary key, too. */
function requireId(table: Table, row: JsonObject, index: number): string {
  const { id = null, [table.key]: key = null } = isJsonObject(row) ? row : {};
  const given = isMetadataTable(table) ? (id ?? key) : id;
  if (typeof given === 'string' && isGuid(given)) return given;
  throw rejectedRowError(`/${index}/id`, 'must be the id of a row');
}

/** The columns of the alternate key that identifies the rows; none if their ids do. */
function keyColumns({ verb, matchOn = ['id'] }: WriteJob): readonly string[] {
  return verb === 'upsert' && !matchOn.includes('id') ? matchOn : [];
}

function encodeTypedRow({ connection, table, job, row, index, issues }: RowToEncode): EncodedRecord {
  const [issue] = issues;
  if (issue !== undefined) throw rejectedRowError(`/${index}${issue.path}`, issue.message, issue.keyword);
  const body = encodeRow(table, row, {
    omit: ['id', ...keyColumns(job)],
    path: `/${index}`,
    isNew: job.verb === 'create',
    tables: connection.definition.tables,
  });
  return { body, id: (row.id ?? null) === null ? undefined : String(row.id) };
}

function encodeRecordRow({ connection, table, job, row, index }: RowToEncode): EncodedRecord {
  const { verb } = job;
  if (!isJsonObject(row)) throw rejectedRowError(`/${index}`, 'must be an object');
  const keys = keyColumns(job);
  const values = Object.fromEntries(Object.entries(row).filter(([name]) => !keys.includes(name)));
  return encodeRecord(table, values, {
    purpose: verb === 'delete' ? 'update' : verb,
    path: `/${index}`,
    id: verb === 'create' || keys.length > 0 ? undefined : requireId(table, row, index),
    tables: metadataTablesOf(connection.definition),
  });
}

/** With a job key, the same row always gets the same id, so that it is never created twice. */
function newId({ origin, services }: Connection, { table, key }: WriteJob, index: number): string {
  return key === undefined ? services.uuid() : deterministicId(origin, table, key, String(index));
}

function rejectedRowError(path: string, message: string, keyword = 'row'): ConnectorError {
  const issues = [{ path, message, keyword }];
  return new ConnectorError('INPUT_INVALID', `${path} ${message}`, { issues });
}
