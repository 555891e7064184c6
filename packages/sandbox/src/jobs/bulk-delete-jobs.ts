import { formatDateTime } from '../store/date-time.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { nextOccurrence } from './recurrence.ts';
import type { SendRequest } from './send-request.ts';
import type { JobHandler } from './system-job-queue.ts';

/** What the jobs of `BulkDelete` need. */
export interface BulkDeleteJobOptions {
  readonly store: OrganizationStore;
  readonly now: () => number;
  readonly request: SendRequest;
}

/** Deletes the rows of the queries of a job one by one, each with its own custom logic, on behalf of the job's owner. */
export function createBulkDeleteHandler({ store, now, request }: BulkDeleteJobOptions): JobHandler {
  return async (job, data) => {
    const { queries } = data as { readonly queries: readonly string[] };
    const { id: userId } = job.values.ownerid as EntityReference;
    let [successcount, failurecount] = [0, 0];
    for (const { table, id } of queries.flatMap((xml) => readAllRows(store, { xml, userId }))) {
      const { set } = store.model.table(table) ?? {};
      const { status } = await request(userId, { method: 'DELETE', target: `/api/data/v9.2/${set}(${id})` });
      if (status === 204) successcount += 1;
      else if (status !== 404) failurecount += 1;
    }
    reportCounts(store, job, { successcount, failurecount, nowMs: now() });
    return { kind: 'succeeded' };
  };
}

function readAllRows(
  store: OrganizationStore,
  { xml, userId }: { readonly xml: string; readonly userId: string },
): readonly Pick<StoredRow, 'table' | 'id'>[] {
  const rows = new Map<string, Pick<StoredRow, 'table' | 'id'>>();
  for (let page = 1; ; page++) {
    const result = store.fetchXml(xml.replace('<fetch>', `<fetch page="${page}">`), { userId });
    for (const { id } of result.rows) rows.set(id, { table: result.table.logicalName, id });
    if (!result.moreRecords) return [...rows.values()];
  }
}

/** The row in `bulkdeleteoperations` shows the counts of the last run and the next start. */
function reportCounts(
  store: OrganizationStore,
  { id, values }: StoredRow,
  {
    nowMs,
    ...counts
  }: { readonly successcount: number; readonly failurecount: number; readonly nowMs: number },
): void {
  const next = nextOccurrence(String(values.recurrencepattern ?? ''), {
    startMs: Date.parse(String(values.recurrencestarttime)),
    afterMs: nowMs,
  });
  const state =
    next === undefined
      ? { statecode: 3, statuscode: 30, nextrun: null }
      : { statecode: 1, statuscode: 10, nextrun: formatDateTime(next) };
  const filter = columnEquals('_asyncoperationid_value', guidLiteral(id));
  const actor = { userId: (values.ownerid as EntityReference).id };
  for (const { table, id: rowId } of store.query('bulkdeleteoperation', { filter, actor }).rows)
    store.update({ table, id: rowId, values: { ...counts, ...state }, actor });
}
