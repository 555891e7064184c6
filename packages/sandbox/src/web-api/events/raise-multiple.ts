import type { WebApiContext } from '../types.ts';
import { contextCollection } from './context-values.ts';
import type { RowWritten } from './message-event.ts';
import { raiseOperationEvent } from './raise-operation-event.ts';

/**
 * Calls the steps of `CreateMultiple` or `UpdateMultiple`. Dataverse merges the pipelines: a single write calls these
 * steps with one row, a bulk message once with all its rows.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export function raiseMultiple(context: WebApiContext, write: RowWritten): void {
  if (!context.events.steps.some(({ message }) => message === write.message)) return;
  if (context.bulkWrites) context.bulkWrites.push(write);
  else raiseOne(context, write, [write]);
}

/** Runs a bulk message, and then calls the steps once for each table and kind of write. */
export function asBulk<T>(context: WebApiContext, run: (bulk: WebApiContext) => T): T {
  const bulkWrites: RowWritten[] = [];
  const result = run({ ...context, bulkWrites });
  const groups = Map.groupBy(bulkWrites, ({ message, table }) => `${message} ${table.logicalName}`);
  for (const writes of groups.values()) if (writes[0]) raiseOne(context, writes[0], writes);
  return result;
}

function raiseOne(
  context: WebApiContext,
  { message, table }: RowWritten,
  writes: readonly RowWritten[],
): void {
  const entities = writes.map(({ id, values }) => ({
    table,
    id,
    values: { ...values, [table.primaryId]: id },
  }));
  const Targets = contextCollection(context.org.systemStore, table, entities);
  const output = message === 'CreateMultiple' ? { Ids: writes.map(({ id }) => id) } : {};
  raiseOperationEvent(context, { message, table, id: undefined, input: { Targets }, output });
}
