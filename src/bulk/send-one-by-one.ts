import { ConnectorError } from '../errors/connector-error.ts';
import { callApi } from '../run/call-api.ts';
import type { RowReport } from './job.ts';
import { sendInBatches } from './send-batch.ts';
import type { Target } from './target.ts';
import { rowHeaders, type Transport } from './transport.ts';

/** Sends a few rows by themselves, one after the other. */
export async function sendOneByOne(
  transport: Transport,
  targets: readonly Target[],
): Promise<readonly RowReport[]> {
  const reports: RowReport[] = [];
  for (const target of targets) reports.push(await sendOne(transport, target));
  return reports;
}

async function sendOne(transport: Transport, target: Target): Promise<RowReport> {
  const { connection, job, table, operation } = transport;
  const { index, id, key, body } = target;
  const report = { index, ...(id === undefined ? {} : { id }) };
  try {
    await callApi(connection, {
      operation,
      method: 'PATCH',
      path: `/${table.set}${key}`,
      headers: rowHeaders(transport),
      body,
      safety: 'repeatable',
      ...(job.signal === undefined ? {} : { signal: job.signal }),
    });
    return report;
  } catch (error) {
    if (!(error instanceof ConnectorError) || !['data', 'input'].includes(error.category)) throw error;
    // A batch of one finds out whether a new row that is there already is our own.
    if (job.verb === 'create') return (await sendInBatches(transport, [target]))[0]!;
    return { ...report, error };
  }
}
