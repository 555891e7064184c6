import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { Actor, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { findDuplicates, readDuplicateRules } from '../web-api/find-duplicates.ts';
import type { JobHandler } from './system-job-queue.ts';

/** Publishes the rule of a job of `PublishDuplicateRule`. */
export const createPublishRuleHandler =
  (store: OrganizationStore): JobHandler =>
  (job, data) => {
    const { ruleId } = data as { readonly ruleId: string };
    const rule = store.read('duplicaterule', ruleId);
    const values = { statecode: 1, statuscode: 2 };
    if (rule?.values.statuscode === 1)
      store.update({ table: rule.table, id: ruleId, values, actor: ownerOf(job) });
    return { kind: 'succeeded' };
  };

/** Writes the duplicates of the rows of a query to `duplicaterecords`, for a job of `BulkDetectDuplicates`. */
export const createDetectDuplicatesHandler =
  (store: OrganizationStore): JobHandler =>
  (job, data) => {
    const { query } = data as { readonly query: string };
    const actor = ownerOf(job);
    removeOldFindings(store, job, actor);
    const { table, rows } = store.fetchXml(query, actor);
    for (const { id } of rows) {
      const values = store.read(table.logicalName, id)?.values ?? {};
      for (const rule of readDuplicateRules(store, table.logicalName)) {
        const found = findDuplicates(store, { rule, subject: { table, id, values }, actor });
        for (const each of found)
          insertFinding(store, { job, rule, base: { table: table.logicalName, id }, found: each });
      }
    }
    return { kind: 'succeeded' };
  };

const ownerOf = ({ values }: StoredRow): Actor => ({ userId: (values.ownerid as EntityReference).id });

/** A recurring job reports what it found last. */
function removeOldFindings(store: OrganizationStore, { id }: StoredRow, actor: Actor): void {
  const filter = columnEquals('_asyncoperationid_value', guidLiteral(id));
  for (const row of store.query('duplicaterecord', { filter, actor }).rows) store.delete(row.table, row.id);
}

function insertFinding(
  store: OrganizationStore,
  {
    job,
    rule,
    base,
    found,
  }: {
    readonly job: StoredRow;
    readonly rule: { readonly id: string };
    readonly base: EntityReference;
    readonly found: StoredRow;
  },
): void {
  const values = {
    baserecordid: base,
    duplicaterecordid: { table: found.table, id: found.id },
    duplicateruleid: { table: 'duplicaterule', id: rule.id },
    asyncoperationid: { table: 'asyncoperation', id: job.id },
  };
  store.insert('duplicaterecord', values, ownerOf(job));
}
