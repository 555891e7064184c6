import type { Table } from '../../model/table.ts';
import type { Connection } from '../connection.ts';
import type { WriteJob } from './job.ts';

/** What every way of travelling needs to know. */
export interface Transport {
  readonly connection: Connection;
  readonly job: WriteJob;
  readonly table: Table;
  /** `contact.upsert-many`: what log lines and errors call it. */
  readonly operation: string;
}

/** What keeps one row from becoming two, or from appearing by accident. */
export function preconditionOf({ job }: Transport): Readonly<Record<string, string>> {
  if (job.verb === 'create') return { 'if-none-match': '*' };
  return job.verb === 'update' ? { 'if-match': '*' } : {};
}
