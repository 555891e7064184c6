import { ConnectorError } from '../errors/connector-error.ts';
import { explainPart } from '../http/explain-part.ts';
import type { Method } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import type { BatchRequest, BatchResponse } from '../odata/batch/types.ts';
import { exchangeBatch, jsonOf } from '../run/exchange-batch.ts';
import type { RowReport } from './job.ts';
import type { Target } from './target.ts';
import { rowHeaders, type Transport } from './transport.ts';

/** Requests in one `$batch`: enough that round trips do not matter, few enough that it ends in seconds. */
const PARTS = 100;

/**
 * Sends rows in `$batch`es that go on after a failure: one report a row. A part may come twice, since every part is
 * safe to repeat; a new row that is there already and has our id is our own.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function sendInBatches(
  transport: Transport,
  targets: readonly Target[],
): Promise<readonly RowReport[]> {
  const reports: RowReport[] = [];
  for (let at = 0; at < targets.length; at += PARTS) {
    reports.push(...(await sendBatch(transport, targets.slice(at, at + PARTS))));
  }
  return reports;
}

async function sendBatch(transport: Transport, targets: readonly Target[]): Promise<readonly RowReport[]> {
  const answers = await exchangeParts(
    transport,
    targets.map((target) => writePart(transport, target)),
  );
  const reports = targets.map((target, at) => reportOf(transport, target, answers[at]!));
  const doubtful = reports.filter(
    ({ error }) => transport.job.verb === 'create' && error?.code === 'DUPLICATE',
  );
  if (doubtful.length === 0) return reports;
  const ours = await findOwn(transport, targets, doubtful);
  return reports.map((report) => (ours.has(report.index) ? { index: report.index, id: report.id! } : report));
}

/** Rows of our id that are there: an earlier attempt, or an earlier run, had made them. */
async function findOwn(
  transport: Transport,
  targets: readonly Target[],
  doubtful: readonly RowReport[],
): Promise<ReadonlySet<number>> {
  const { table } = transport;
  const byIndex = new Map(targets.map((target) => [target.index, target]));
  const parts = doubtful.map(({ index }) =>
    partOf(transport, 'GET', `/${table.set}${byIndex.get(index)!.key}?$select=${table.key}`),
  );
  const answers = await exchangeParts(transport, parts);
  return new Set(doubtful.flatMap(({ index }, at) => (answers[at]!.status === 200 ? [index] : [])));
}

function writePart(transport: Transport, { key, id, body }: Target): BatchRequest {
  const { table, job } = transport;
  // Rows inside a row (the people of an e-mail) are written by POST only.
  if (job.verb === 'create' && table.parties !== undefined) {
    return partOf(transport, 'POST', `/${table.set}`, { [table.key]: id!, ...body }, transport.headers);
  }
  return partOf(transport, 'PATCH', `/${table.set}${key}`, body, rowHeaders(transport));
}

function partOf(
  { connection }: Transport,
  method: Method,
  path: string,
  body?: JsonObject,
  own: Readonly<Record<string, string>> = {},
): BatchRequest {
  const url = `${connection.baseUrl}${path}`;
  if (body === undefined) return { method, url, headers: { accept: 'application/json' } };
  const headers = { 'content-type': 'application/json; type=entry', ...own };
  return { method, url, headers, body: JSON.stringify(body) };
}

async function exchangeParts(
  { connection, job, operation }: Transport,
  parts: readonly BatchRequest[],
): Promise<readonly BatchResponse[]> {
  const items = parts.map((part) => ({ part }));
  const { signal } = job;
  const answers = await exchangeBatch(connection, { operation, items, safety: 'repeatable', signal });
  const own = answers.flatMap((item) => ('part' in item ? [item.part] : []));
  if (own.length === parts.length) return own;
  const message = `${operation}: ${parts.length} requests were answered by ${own.length} parts.`;
  throw new ConnectorError('RESPONSE_INVALID', message, { operation });
}

function reportOf(transport: Transport, target: Target, answer: BatchResponse): RowReport {
  const { index, id } = target;
  const report = { index, ...(id === undefined ? {} : { id }) };
  if (answer.status < 300) return report;
  const { connection, operation, table } = transport;
  const request = {
    operation,
    requestId: '',
    method: 'PATCH',
    url: `${connection.baseUrl}/${table.set}`,
    headers: rowHeaders(transport),
  } as const;
  const about = { ...answer, body: jsonOf(answer.body) };
  return { ...report, error: explainPart(request, about, connection.definition.errors) };
}
