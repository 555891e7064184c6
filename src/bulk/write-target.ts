import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import type { Connection } from '../run/connection.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { encodeRow } from '../run/encode-row.ts';
import { rowKey } from '../run/row-key.ts';
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

/** Creates a function that checks and encodes rows. Each row is checked like the input of the action for one row. */
export function createTargetEncoder(
  connection: Connection,
  job: WriteJob,
  table: Table,
): (row: JsonObject, index: number) => WriteTarget | RejectedRow {
  const { verb, matchOn = ['id'] } = job;
  const action = connection.definition.actions[`${table.name}.${verb}`];
  const check = (row: JsonObject, index: number) => {
    const input = verb === 'upsert' ? { ...row, matchOn } : row;
    const [issue] = action === undefined ? [] : connection.validator.issues(action.input, input);
    if (issue !== undefined) throw rejectedRowError(`/${index}${issue.path}`, issue.message);
  };
  return (row, index) => {
    try {
      check(row, index);
      const isByAlternateKey = verb === 'upsert' && !matchOn.includes('id');
      const body = encodeRow(table, row, isByAlternateKey ? ['id', ...matchOn] : ['id']);
      if (isByAlternateKey) return { index, key: rowKey(table, matchOn, row), body };
      const id = verb === 'create' ? newId(connection, job, index) : String(row.id);
      return { index, id, key: `(${id})`, body };
    } catch (error) {
      if (error instanceof ConnectorError) return { index, error };
      throw error;
    }
  };
}

/** With a job key, the same row always gets the same id, so that it is never created twice. */
function newId({ origin, services }: Connection, { table, key }: WriteJob, index: number): string {
  return key === undefined ? services.uuid() : deterministicId(origin, table, key, String(index));
}

function rejectedRowError(path: string, message: string): ConnectorError {
  const issues = [{ path, message, keyword: 'row' }];
  return new ConnectorError('INPUT_INVALID', `${path} ${message}`, { issues });
}
