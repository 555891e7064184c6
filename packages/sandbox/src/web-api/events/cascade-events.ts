import { requireTable } from '../../store/require-table.ts';
import type { EntityReference } from '../../store/types.ts';
import type { WebApiContext } from '../types.ts';
import type { MessageEvent } from './message-event.ts';

/**
 * The events of the rows that a deletion deletes too, and of those whose lookup it clears. Nobody documents whether
 * these rows have events, so assumptions decide it.
 */
export function cascadeEvents(context: WebApiContext, deleted: EntityReference): readonly MessageEvent[] {
  const { systemStore, assumptions } = context.org;
  const isHeard = (message: string) => context.events.steps.some((step) => step.message === message);
  const withDeletions = assumptions.cascadeEvents === 'raised' && isHeard('Delete');
  const withUpdates = assumptions.clearedLookupEvents === 'raised' && isHeard('Update');
  if (!withDeletions && !withUpdates) return [];
  return systemStore.dependentsOf(deleted.table, deleted.id).flatMap(({ row, cleared }) => {
    if (cleared === undefined ? !withDeletions : !withUpdates) return [];
    const table = requireTable(systemStore.model, row.table);
    const before = systemStore.read(row.table, row.id);
    const common = { table, id: row.id, ...(before && { before }) };
    return cleared === undefined
      ? [{ ...common, message: 'Delete', values: {} }]
      : [{ ...common, message: 'Update', values: { [cleared]: null } }];
  });
}
