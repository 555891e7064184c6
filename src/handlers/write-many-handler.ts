import type { WriteJob } from '../bulk/write-job.ts';
import { writeMany as writeJob } from '../bulk/write-many.ts';
import type { JsonObject } from '../model/json.ts';
import { loadTable } from '../run/metadata-table.ts';
import type { Handler } from './handler.ts';

/**
 * Writes the rows of one call: `contact.upsert-many` upserts contacts, `record.upsert-many` rows of the table in the
 * input. Returns the number written and the failures.
 */
export const writeManyHandler: Handler = async (input, { connection, action, options }) => {
  const [resource = '', verb = ''] = action.id.split(/[.]|-many$/);
  const { table = resource, matchOn, ids = [] } = input;
  const { rows = (ids as readonly string[]).map((id) => ({ id })) } = input;
  const { idempotencyKey, signal, onRows } = options;
  let written = 0;
  const job: WriteJob = {
    table: String(table),
    verb: verb as WriteJob['verb'],
    rows: rows as readonly JsonObject[],
    matchOn: matchOn as readonly string[] | undefined,
    key: idempotencyKey,
    signal,
    options,
    onProgress: (progress) => {
      written = progress.written;
      onRows?.(progress.written + progress.failed);
    },
  };
  const failed: JsonObject[] = [];
  // The columns of record.* have their logical names in every table.
  const findTable = resource === 'record' ? loadTable : undefined;
  for await (const { index, error } of writeJob(connection, job, findTable)) {
    if (error !== undefined) failed.push({ index, code: error.code, message: error.message });
  }
  return { written, failed };
};
