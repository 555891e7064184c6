import { ConnectorError } from '../errors/connector-error.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { sendInBatches } from './send-in-batches.ts';
import { rowHeaders, type WriteContext } from './write-context.ts';
import type { RowReport } from './write-job.ts';
import type { WriteTarget } from './write-target.ts';

/** Sends each row in a request of its own, one after the other. */
export async function sendOneByOne(
  context: WriteContext,
  targets: readonly WriteTarget[],
): Promise<readonly RowReport[]> {
  const reports: RowReport[] = [];
  for (const target of targets) reports.push(...(await sendOne(context, target)));
  return reports;
}

async function sendOne(context: WriteContext, target: WriteTarget): Promise<readonly RowReport[]> {
  const { connection, job, table, operation } = context;
  const { index, id, key, body } = target;
  try {
    await sendApiRequest(connection, {
      operation,
      method: job.verb === 'delete' ? 'DELETE' : 'PATCH',
      path: `/${table.entitySet}${key}`,
      headers: rowHeaders(context),
      body: job.verb === 'delete' ? undefined : body,
      safety: job.verb === 'delete' ? 'delete' : 'repeatable',
      signal: job.signal,
    });
    return [{ index, id }];
  } catch (error) {
    if (!(error instanceof ConnectorError) || !isErrorOfRow(error)) throw error;
    // The batch finds out whether an existing row was created by an earlier attempt.
    return job.verb === 'create' ? await sendInBatches(context, [target]) : [{ index, id, error }];
  }
}

/** Whether an error concerns this row alone. HTTP 400 does, also with the code of an unexpected error. */
function isErrorOfRow({ category, details }: ConnectorError): boolean {
  return details.status === 400 || category === 'data' || category === 'input';
}
