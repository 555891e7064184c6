import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import { runPlugIns } from '../web-api/write/run-plug-ins.ts';
import { operationResponse, readListParameter, readStringParameter } from './parameters.ts';
import { toFetchXml } from './query-expression.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** `operationtype` of a system job that deletes rows. */
const bulkDeleteType = 13;

/**
 * Deletes the rows of queries in a system job. The sandbox deletes them at once and returns a job that has ended; a job
 * with a later `StartDateTime` waits and never starts.
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
  const startMs = Date.parse(readStringParameter(call, 'StartDateTime'));
  if (Number.isNaN(startMs)) throw invalidArgument("The parameter 'StartDateTime' is not a date.");
  const queries = readListParameter(call, 'QuerySet').map(toFetchXml);
  if (queries.length === 0) throw invalidArgument("The parameter 'QuerySet' is empty.");
  const isDue = call.parameters.RunNow === true || startMs <= call.context.org.now();
  const rows = queries.flatMap((xml) => readAllRows(call, xml));
  const counts = isDue ? deleteRows(call, rows) : { successcount: 0, failurecount: 0 };
  return operationResponse(call, { JobId: insertJob(call, { isDue, queries, counts, startMs }) });
}

function readAllRows({ context }: OperationContext, xml: string): readonly StoredRow[] {
  const { store } = context.org;
  const rows: StoredRow[] = [];
  for (let page = 1; ; page++) {
    const result = store.fetchXml(xml.replace('<fetch>', `<fetch page="${page}">`), context.actor);
    rows.push(...result.rows.map(({ id }) => ({ table: result.table.logicalName, id }) as StoredRow));
    if (!result.moreRecords) return rows;
  }
}

function deleteRows({ context }: OperationContext, rows: readonly StoredRow[]) {
  const { store } = context.org;
  const counts = { successcount: 0, failurecount: 0 };
  for (const { table, id } of rows) {
    const event = { message: 'Delete', table, id, values: {} } as const;
    try {
      if (!store.read(table, id)) continue;
      runPlugIns(context, 'sync', event);
      store.delete(table, id);
      runPlugIns(context, 'async', event);
      counts.successcount += 1;
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      counts.failurecount += 1;
    }
  }
  return counts;
}

interface BulkDeleteJob {
  readonly isDue: boolean;
  readonly queries: readonly string[];
  readonly counts: { readonly successcount: number; readonly failurecount: number };
  readonly startMs: number;
}

/** Inserts the system job and the row with its counts; returns the id of the job. */
function insertJob(call: OperationContext, { isDue, queries, counts, startMs }: BulkDeleteJob): string {
  const { org, actor } = call.context;
  const name = readStringParameter(call, 'JobName');
  const now = new Date(org.now()).toISOString();
  const state = isDue ? { statecode: 3, statuscode: 30 } : { statecode: 1, statuscode: 10 };
  const times: ColumnValues = isDue
    ? { startedon: now, completedon: now }
    : { postponeuntil: new Date(startMs).toISOString() };
  const recurrencepattern = readStringParameter(call, 'RecurrencePattern');
  const job = { name, operationtype: bulkDeleteType, messagename: 'BulkDelete', recurrencepattern };
  const { table, id } = org.store.insert('asyncoperation', { ...job, ...state, ...times }, actor);
  const operation = {
    name,
    ...counts,
    ...state,
    isrecurring: recurrencepattern !== '',
    orderedquerysetxml: queries.join(''),
    asyncoperationid: { table, id },
  };
  org.store.insert('bulkdeleteoperation', operation, actor);
  return id;
}
