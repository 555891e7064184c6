import type { Table } from '../model/table.ts';
import type { Connection } from '../run/connection.ts';
import type { WriteJob } from './write-job.ts';

/** What every way of travelling needs to know. */
export interface WriteContext {
  readonly connection: Connection;
  readonly job: WriteJob;
  readonly table: Table;
  /** `contact.upsert-many`: what log lines and errors call it. */
  readonly operation: string;
  /** What each row asks for besides. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What keeps one row from becoming two, or from appearing by accident; and what the row asks for. */
export function rowHeaders({ job, headers }: WriteContext): Readonly<Record<string, string>> {
  if (job.verb === 'create') return { ...headers, 'if-none-match': '*' };
  return job.verb === 'update' ? { ...headers, 'if-match': '*' } : headers;
}
