import type { TriggerDefinition } from '../../model/definition.ts';
import { logicalNameOf, type RightsContext } from './find-table.ts';
import { known, type OperationNeeds, rightsTo } from './need.ts';
import { filterRights } from './request-rights.ts';

/**
 * What a trigger needs: to read its table. Deletions come from change tracking, which Dataverse lets only users read who
 * can read all rows of the table.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export function triggerRights(context: RightsContext, { id, watch }: TriggerDefinition): OperationNeeds {
  const names = watch.table === undefined ? context.tables : [watch.table];
  if (names.length === 0) return { needs: [], unknown: [`${id} watches a table that its parameters name.`] };
  const tables = names.map((name) => logicalNameOf(context, name));
  const seesDeletions = watch.changes.includes('deleted');
  return known(
    tables.flatMap((table) => [
      ...rightsTo(table, ['Read']).map((need) =>
        seesDeletions ? { ...need, organization: true as const } : need,
      ),
      ...filterRights(context, table, watch.where),
    ]),
  );
}
