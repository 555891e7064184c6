import { ConnectorError } from '../errors/connector-error.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { sendInBatches } from './send-in-batches.ts';
import { rowHeaders, type WriteContext } from './write-context.ts';
import type { RowReport } from './write-job.ts';
import type { WriteTarget } from './write-target.ts';

/** Sends a few rows by themselves, one after the other. */
export async function sendOneByOne(
  context: WriteContext,
  targets: readonly WriteTarget[],
): Promise<readonly RowReport[]> {
  const reports: RowReport[] = [];
  for (const target of targets) reports.push(await sendOne(context, target));
  return reports;
}

async function sendOne(context: WriteContext, target: WriteTarget): Promise<RowReport> {
  const { connection, job, table, operation } = context;
  const { index, id, key, body } = target;
  const report = { index, ...(id === undefined ? {} : { id }) };
  try {
    await sendApiRequest(connection, {
      operation,
      method: 'PATCH',
      path: `/${table.entitySet}${key}`,
      headers: rowHeaders(context),
      body,
      safety: 'repeatable',
      ...(job.signal === undefined ? {} : { signal: job.signal }),
    });
    return report;
  } catch (error) {
    if (!(error instanceof ConnectorError) || !['data', 'input'].includes(error.category)) throw error;
    // A batch of one finds out whether a new row that is there already is our own.
    if (job.verb === 'create') return (await sendInBatches(context, [target]))[0]!;
    return { ...report, error };
  }
}
