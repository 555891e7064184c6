import { isJsonObject } from 'dynamics365-connector/base';
import type { ColumnValues } from '../store/types.ts';
import { invalidPayload } from '../web-api/errors.ts';
import { contextTarget } from '../web-api/events/context-values.ts';
import { raiseOperationEvent } from '../web-api/events/raise-operation-event.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { operationResponse, resolveRowKey } from './parameters.ts';
import type { WebApiOperation } from './types.ts';

/**
 * Restores a deleted row with what its deletion deleted or cleared. Columns of `Target` replace those of the row.
 * https://learn.microsoft.com/power-apps/developer/data-platform/restore-deleted-records
 */
export const restoreOperation: WebApiOperation = {
  name: 'Restore',
  kind: 'action',
  parameters: { Target: 'required' },
  run(call) {
    const { context, operation, parameters } = call;
    const { org, actor, request } = context;
    const { Target: target } = parameters;
    const { table, key } = resolveRowKey(call, target, { name: 'Target' });
    if (key.kind === 'alternate')
      throw invalidPayload(
        operation.name,
        'A record is restored by its primary key, not by an alternate key.',
      );
    request.caller.access?.requireFor('Create', table);
    const values: ColumnValues =
      isJsonObject(target) && target['@odata.id'] === undefined
        ? readPayload(context, table, target, { creating: false }).values
        : {};
    org.store.bin.restore(table, key.id);
    if (Object.keys(values).length > 0)
      org.store.update({ table: table.logicalName, id: key.id, values, actor });
    const Target = contextTarget(org.systemStore, {
      table,
      id: key.id,
      values: { ...values, [table.primaryId]: key.id },
    });
    raiseOperationEvent(context, {
      ...{ message: 'Restore', table, id: key.id },
      ...{ input: { Target }, output: { id: key.id } },
    });
    return operationResponse(call, { id: key.id });
  },
};
