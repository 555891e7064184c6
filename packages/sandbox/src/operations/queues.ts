import { isJsonObject } from 'dynamics365-connector/base';
import { referenceId, referenceTo, toReference } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { findActiveQueueItem } from '../web-api/write/business-rules.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { insertRow, removeRow, updateRow } from '../web-api/write/rows.ts';
import {
  operationResponse,
  readBooleanParameter,
  readOptionalRowParameter,
  readRowParameter,
  requireBoundRow,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const queueItemBinding = { kind: 'row', table: 'queueitem' } as const;

/** Operations on queues and queue items. */
export const queueOperations: readonly WebApiOperation[] = [
  {
    name: 'AddToQueue',
    kind: 'action',
    boundTo: { kind: 'row', table: 'queue' },
    parameters: { Target: 'required', SourceQueue: 'optional', QueueItemProperties: 'optional' },
    run: (call) => operationResponse(call, { QueueItemId: addToQueue(call).id }),
  },
  {
    name: 'PickFromQueue',
    kind: 'action',
    boundTo: queueItemBinding,
    parameters: { SystemUser: 'required', RemoveQueueItem: 'optional' },
    run(call) {
      const user = readRowParameter(call, 'SystemUser', 'systemuser');
      if (readBooleanParameter(call, 'RemoveQueueItem')) removeItem(call);
      else updateItem(call, { workerid: referenceTo(user) });
      return noContentResponse(call.context);
    },
  },
  {
    name: 'ReleaseToQueue',
    kind: 'action',
    boundTo: queueItemBinding,
    parameters: {},
    run(call) {
      updateItem(call, { workerid: null });
      return noContentResponse(call.context);
    },
  },
  {
    name: 'RemoveFromQueue',
    kind: 'action',
    boundTo: queueItemBinding,
    parameters: {},
    run(call) {
      removeItem(call);
      return noContentResponse(call.context);
    },
  },
  {
    name: 'RouteTo',
    kind: 'action',
    parameters: { Target: 'required', QueueItem: 'required' },
    run(call) {
      const item = readRowParameter(call, 'QueueItem', 'queueitem');
      updateItem({ ...call, row: item }, routeValues(readRowParameter(call, 'Target')));
      return noContentResponse(call.context);
    },
  },
  {
    name: 'ApplyRoutingRule',
    kind: 'action',
    parameters: { Target: 'required' },
    run(call) {
      const { id, table } = readRowParameter(call, 'Target', 'incident');
      const values = { routecase: true };
      if (table === 'incident') updateRow(call.context, { table, id, values });
      return noContentResponse(call.context);
    },
  },
];

/** Adds a row to a queue. An active queue item of the row moves from its queue. */
function addToQueue(call: OperationContext): StoredRow {
  const { store, systemStore } = call.context.org;
  const queue = requireBoundRow(call);
  const target = readRowParameter(call, 'Target');
  const source = readOptionalRowParameter(call, 'SourceQueue', 'queue');
  const activeItem = findActiveQueueItem(systemStore, referenceTo(target));
  if (queue.values.statecode === 1) {
    throw new DataverseError(400, '0x80040522', 'You cannot add items to an inactive queue.');
  }
  if (source && referenceId(activeItem?.values.queueid) !== source.id) {
    throw new DataverseError(400, '0x80040524', 'Could not find the queue item in the source queue.');
  }
  const values: ColumnValues = {
    title: store.readNames(target.table, [target.id]).get(target.id) ?? null,
    ...readItemProperties(call),
    queueid: referenceTo(queue),
    objectid: referenceTo(target),
  };
  return activeItem
    ? updateRow(call.context, { table: 'queueitem', id: activeItem.id, values })
    : insertRow(call.context, 'queueitem', values);
}

function readItemProperties({ context, parameters }: OperationContext): ColumnValues {
  const raw = parameters.QueueItemProperties;
  if (!isJsonObject(raw)) return {};
  const table = requireTable(context.org.store.model, 'queueitem');
  return readPayload(context, table, raw, { creating: true }).values;
}

/** The values of a queue item that is routed to a queue, or to a user or team who then works on it. */
function routeValues(target: StoredRow): ColumnValues {
  if (target.table === 'queue') return { queueid: referenceTo(target), workerid: null };
  const ownQueue = toReference(target.values.queueid);
  return { workerid: referenceTo(target), ...(ownQueue ? { queueid: ownQueue } : {}) };
}

function updateItem(call: OperationContext, values: ColumnValues): void {
  updateRow(call.context, { table: 'queueitem', id: requireBoundRow(call).id, values });
}

function removeItem(call: OperationContext): void {
  removeRow(call.context, { table: 'queueitem', id: requireBoundRow(call).id });
}
