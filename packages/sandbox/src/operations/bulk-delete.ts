import { DataverseError } from '../web-api/errors.ts';
import { insertJob, operationTypes } from '../web-api/system-jobs.ts';
import {
  operationResponse,
  readListParameter,
  readStringParameter,
  readTimeParameter,
} from './parameters.ts';
import { toFetchXml } from './query-expression.ts';
import { readRecurrenceParameter } from './recurrence-parameter.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/**
 * Deletes the rows of queries in a system job, one by one, after the response and not before `StartDateTime`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/delete-data-bulk
 */
export const bulkDeleteOperation: WebApiOperation = {
  name: 'BulkDelete',
  kind: 'action',
  parameters: {
    QuerySet: 'required',
    JobName: 'required',
    SendEmailNotification: 'required',
    ToRecipients: 'required',
    CCRecipients: 'required',
    RecurrencePattern: 'required',
    StartDateTime: 'required',
    SourceImportId: 'optional',
    RunNow: 'optional',
  },
  run: runBulkDelete,
};

function runBulkDelete(call: OperationContext) {
  const { org, actor, request } = call.context;
  request.caller.access?.require('prvBulkDelete');
  const queries = readListParameter(call, 'QuerySet').map(toFetchXml);
  if (queries.length === 0)
    throw new DataverseError(400, '0x80048442', 'There are no entities that you can bulk delete.');
  // Queries of unknown tables and columns are refused before the job exists.
  for (const xml of queries) org.store.fetchXml(xml.replace('<fetch>', '<fetch count="1">'), actor);
  const name = readStringParameter(call, 'JobName');
  const recurrence = readRecurrenceParameter(call);
  const startMs = readStart(call);
  const id = insertJob(call.context, {
    ...{ name, operationType: operationTypes.bulkDelete, message: 'BulkDelete' },
    ...{ startMs, recurrence, data: { queries } },
  });
  const isWaiting = startMs > org.now();
  const operation = {
    name,
    ...{ successcount: 0, failurecount: 0 },
    ...(isWaiting ? { statecode: 1, statuscode: 10 } : { statecode: 0, statuscode: 0 }),
    isrecurring: recurrence !== undefined,
    nextrun: isWaiting ? new Date(startMs).toISOString() : null,
    orderedquerysetxml: queries.join(''),
    asyncoperationid: { table: 'asyncoperation', id },
  };
  org.systemStore.insert('bulkdeleteoperation', operation, actor);
  return operationResponse(call, { JobId: id });
}

function readStart(call: OperationContext): number {
  const startMs = readTimeParameter(call, 'StartDateTime');
  return call.parameters.RunNow === true ? Math.min(startMs, call.context.org.now()) : startMs;
}
