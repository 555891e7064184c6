import type { Table } from '../model/table.ts';
import type { Connection } from '../run/connection.ts';
import type { WriteJob } from './write-job.ts';

/** The data of a job that every route uses. */
export interface WriteContext {
  readonly connection: Connection;
  readonly job: WriteJob;
  readonly table: Table;
  /** The name of the job in log lines and errors: `contact.upsert-many`. */
  readonly operation: string;
  /** The headers of the call options, for each row. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of one row: the call options, and the condition that a create only creates and an update only updates. */
export function rowHeaders({ job, headers }: WriteContext): Readonly<Record<string, string>> {
  if (job.verb === 'create') return { ...headers, 'if-none-match': '*' };
  return job.verb === 'update' ? { ...headers, 'if-match': '*' } : headers;
}
