import { ConnectorError } from '../errors/connector-error.ts';
import { toPartError } from '../http/to-part-error.ts';
import type { HttpMethod } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import type { BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { isFormRefused } from '../run/request-forms.ts';
import { parsePartBody, sendBatchRequest } from '../run/send-batch-request.ts';
import { rowHeaders, type WriteContext } from './write-context.ts';
import type { RowReport } from './write-job.ts';
import type { WriteTarget } from './write-target.ts';

/** Requests in one `$batch`: few round trips, and each batch ends within seconds. */
const maxParts = 100;

/**
 * Sends rows in `$batch` requests that continue after a failed part, and reports each row. Every part is safe to
 * repeat: a duplicate with the id of the new row was created by an earlier attempt and counts as written.
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
  const written = await sendParts(context, targets, (target) => toWritePart(context, target));
  const results = written.map(({ target, response, ambiguous }) => ({
    target,
    // An earlier attempt of the same batch may have deleted the row.
    report:
      context.job.verb === 'delete' && ambiguous && response.status === 404
        ? { index: target.index, id: target.id, error: undefined }
        : toRowReport(context, target, response),
  }));
  const refused = results.filter(({ report }) => isRefusedForm(context, report));
  if (refused.length > 0) {
    context.connection.newRowForms.set(context.table.logicalName, 'post-with-id');
    return await sendOneBatch(context, targets);
  }
  const duplicates = results.filter(({ report }) => report.error?.code === 'DUPLICATE');
  if (context.job.verb !== 'create' || duplicates.length === 0) return results.map(({ report }) => report);
  const ownRows = await findOwnRows(
    context,
    duplicates.map(({ target }) => target),
  );
  return results.map(({ report: { index, id, error } }) =>
    ownRows.has(index) ? { index, id } : { index, id, error },
  );
}

/** Whether the organization refused to create a row by PATCH; POST with the id in the body is the other form. */
function isRefusedForm(context: WriteContext, { error }: RowReport): boolean {
  if (context.job.verb !== 'create' || isCreatedByPost(context)) return false;
  return error !== undefined && isFormRefused(error);
}

/** Dataverse accepts rows inside a row (the participants of an email) by POST only, and some tables refuse PATCH. */
function isCreatedByPost({ connection, table }: WriteContext): boolean {
  return table.parties !== undefined || connection.newRowForms.has(table.logicalName);
}

/** The indexes of the rows that exist with our id: an earlier attempt or an earlier run created them. */
async function findOwnRows(
  context: WriteContext,
  duplicates: readonly WriteTarget[],
): Promise<ReadonlySet<number>> {
  const { entitySet, key: keyColumn } = context.table;
  const reads = await sendParts(context, duplicates, ({ key }) =>
    toBatchPart(context, 'GET', `/${entitySet}${key}?$select=${keyColumn}`),
  );
  const found = reads.filter(({ response }) => response.status === 200);
  return new Set(found.map(({ target }) => target.index));
}

function toWritePart(context: WriteContext, { key, id, body }: WriteTarget): BatchRequest {
  const { table, job } = context;
  if (job.verb === 'delete')
    return toBatchPart(context, 'DELETE', `/${table.entitySet}${key}`, undefined, context.headers);
  if (job.verb === 'create' && isCreatedByPost(context)) {
    const row = id === undefined ? body : { [table.key]: id, ...body };
    return toBatchPart(context, 'POST', `/${table.entitySet}`, row, context.headers);
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
  if (body === undefined) return { method, url, headers: { accept: 'application/json', ...ownHeaders } };
  const headers = { 'content-type': 'application/json; type=entry', ...ownHeaders };
  return { method, url, headers, body: JSON.stringify(body) };
}

interface TargetResponse {
  readonly target: WriteTarget;
  readonly response: BatchResponse;
  /** An earlier attempt may have been carried out. */
  readonly ambiguous: boolean;
}

/**
 * Sends one part for each target, and pairs each target with its response. After a batch that ended at a failed part, the
 * rest is sent in the next one.
 */
async function sendParts(
  context: WriteContext,
  targets: readonly WriteTarget[],
  toPart: (target: WriteTarget) => BatchRequest,
): Promise<readonly TargetResponse[]> {
  const sent: TargetResponse[] = [];
  while (sent.length < targets.length)
    sent.push(...(await sendPartsOnce(context, targets.slice(sent.length), toPart)));
  return sent;
}

async function sendPartsOnce(
  { connection, job: { signal }, operation }: WriteContext,
  targets: readonly WriteTarget[],
  toPart: (target: WriteTarget) => BatchRequest,
): Promise<readonly TargetResponse[]> {
  const items = targets.map((target) => ({ part: toPart(target) }));
  const batch = { operation, items, safety: 'repeatable', signal } as const;
  const { parts, ambiguous } = await sendBatchRequest(connection, batch);
  const responses = parts.flatMap((item) => ('part' in item ? [item.part] : []));
  const isStopped = (responses.at(-1)?.status ?? 0) >= 400 && responses.length < targets.length;
  if (!isStopped && responses.length !== targets.length) {
    const message = `${operation}: the batch has ${targets.length} requests and ${responses.length} responses.`;
    throw new ConnectorError('RESPONSE_INVALID', message, { operation });
  }
  return targets.flatMap((target, at) => {
    const response = responses[at];
    return response === undefined ? [] : [{ target, response, ambiguous }];
  });
}

function toRowReport(context: WriteContext, target: WriteTarget, response: BatchResponse): RowReport {
  const { index, id } = target;
  if (response.status < 300) return { index, id };
  const { connection, operation, table } = context;
  const request = {
    operation,
    requestId: '',
    method: context.job.verb === 'delete' ? 'DELETE' : 'PATCH',
    url: `${connection.baseUrl}/${table.entitySet}`,
    headers: rowHeaders(context),
  } as const;
  const decoded = { ...response, body: parsePartBody(response.body) };
  return { index, id, error: toPartError(request, decoded, connection.definition.errors) };
}
