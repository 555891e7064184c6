import type { WriteJob } from '../bulk/write-job.ts';
import { writeMany as writeJob } from '../bulk/write-many.ts';
import type { JsonObject } from '../model/json.ts';
import type { Handler } from './handler.ts';

/** Writes the rows of one call: `contact.upsert-many` upserts contacts. Returns the number written and the failures. */
export const writeManyHandler: Handler = async ({ rows, matchOn }, { connection, action, options }) => {
  const [table = '', verb = ''] = action.id.split(/[.]|-many$/);
  const { idempotencyKey, signal } = options;
  let written = 0;
  const job: WriteJob = {
    table,
    verb: verb as WriteJob['verb'],
    rows: rows as readonly JsonObject[],
    matchOn: matchOn as readonly string[] | undefined,
    key: idempotencyKey,
    signal,
    options,
    onProgress: (progress) => {
      written = progress.written;
    },
  };
  const failed: JsonObject[] = [];
  for await (const { index, error } of writeJob(connection, job)) {
    if (error !== undefined) failed.push({ index, code: error.code, message: error.message });
  }
  return { written, failed };
};
