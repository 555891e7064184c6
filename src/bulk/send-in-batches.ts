import { ConnectorError } from '../errors/connector-error.ts';
import { toPartError } from '../http/to-part-error.ts';
import type { HttpMethod } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import type { BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { parsePartBody, sendBatchForParts } from '../run/send-batch-request.ts';
import { rowHeaders, type WriteContext } from './write-context.ts';
import type { RowReport } from './write-job.ts';
import type { WriteTarget } from './write-target.ts';

/** Requests in one `$batch`: enough that round trips do not matter, few enough that it ends in seconds. */
const maxParts = 100;

/**
 * Sends rows in `$batch`es that go on after a failure: one report a row. A part may come twice, since every part is
 * safe to repeat; a new row that is there already and has our id is our own.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function sendInBatches(
  context: WriteContext,
  targets: readonly WriteTarget[],
): Promise<readonly RowReport[]> {
  const reports: RowReport[] = [];
  for (let at = 0; at < targets.length; at += maxParts) {
    reports.push(...(await sendOneBatch(context, targets.slice(at, at + maxParts))));
  }
  return reports;
}

async function sendOneBatch(
  context: WriteContext,
  targets: readonly WriteTarget[],
): Promise<readonly RowReport[]> {
  const answers = await sendParts(
    context,
    targets.map((target) => writePartFor(context, target)),
  );
  const reports = targets.map((target, at) => toRowReport(context, target, answers[at]!));
  const duplicates = reports.filter(
    ({ error }) => context.job.verb === 'create' && error?.code === 'DUPLICATE',
  );
  if (duplicates.length === 0) return reports;
  const ownRows = await findOwnRows(context, targets, duplicates);
  return reports.map((report) =>
    ownRows.has(report.index) ? { index: report.index, id: report.id! } : report,
  );
}

/** Rows of our id that are there: an earlier attempt, or an earlier run, had made them. */
async function findOwnRows(
  context: WriteContext,
  targets: readonly WriteTarget[],
  duplicates: readonly RowReport[],
): Promise<ReadonlySet<number>> {
  const { table } = context;
  const byIndex = new Map(targets.map((target) => [target.index, target]));
  const parts = duplicates.map(({ index }) =>
    toBatchPart(context, 'GET', `/${table.entitySet}${byIndex.get(index)!.key}?$select=${table.key}`),
  );
  const answers = await sendParts(context, parts);
  return new Set(duplicates.flatMap(({ index }, at) => (answers[at]!.status === 200 ? [index] : [])));
}

function writePartFor(context: WriteContext, { key, id, body }: WriteTarget): BatchRequest {
  const { table, job } = context;
  // Rows inside a row (the people of an e-mail) are written by POST only.
  if (job.verb === 'create' && table.parties !== undefined) {
    return toBatchPart(
      context,
      'POST',
      `/${table.entitySet}`,
      { [table.key]: id!, ...body },
      context.headers,
    );
  }
  return toBatchPart(context, 'PATCH', `/${table.entitySet}${key}`, body, rowHeaders(context));
}

function toBatchPart(
  { connection }: WriteContext,
  method: HttpMethod,
  path: string,
  body?: JsonObject,
  ownHeaders: Readonly<Record<string, string>> = {},
): BatchRequest {
  const url = `${connection.baseUrl}${path}`;
  if (body === undefined) return { method, url, headers: { accept: 'application/json' } };
  const headers = { 'content-type': 'application/json; type=entry', ...ownHeaders };
  return { method, url, headers, body: JSON.stringify(body) };
}

async function sendParts(
  { connection, job, operation }: WriteContext,
  parts: readonly BatchRequest[],
): Promise<readonly BatchResponse[]> {
  const items = parts.map((part) => ({ part }));
  const { signal } = job;
  const answers = await sendBatchForParts(connection, { operation, items, safety: 'repeatable', signal });
  const responses = answers.flatMap((item) => ('part' in item ? [item.part] : []));
  if (responses.length === parts.length) return responses;
  const message = `${operation}: ${parts.length} requests were answered by ${responses.length} parts.`;
  throw new ConnectorError('RESPONSE_INVALID', message, { operation });
}

function toRowReport(context: WriteContext, target: WriteTarget, response: BatchResponse): RowReport {
  const { index, id } = target;
  const report = { index, ...(id === undefined ? {} : { id }) };
  if (response.status < 300) return report;
  const { connection, operation, table } = context;
  const request = {
    operation,
    requestId: '',
    method: 'PATCH',
    url: `${connection.baseUrl}/${table.entitySet}`,
    headers: rowHeaders(context),
  } as const;
  const decoded = { ...response, body: parsePartBody(response.body) };
  return { ...report, error: toPartError(request, decoded, connection.definition.errors) };
}
