import { noContent } from '../protocol/answer.ts';
import { refuse } from '../protocol/refusal.ts';
import { isObject, readPayload, referenceTo } from '../protocol/write/payload.ts';
import { activeQueueItem } from '../protocol/write/rules.ts';
import type { Reference, Row, Values } from '../store/types.ts';
import { answerOf, booleanParameter, optionalRow, rowParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

const onItem = { kind: 'row', table: 'queueitem' } as const;

/** How work moves through queues. */
export const queueOperations: readonly Operation[] = [
  {
    name: 'AddToQueue',
    kind: 'action',
    on: { kind: 'row', table: 'queue' },
    parameters: { Target: 'required', SourceQueue: 'optional', QueueItemProperties: 'optional' },
    run: (call) => answerOf(call, { QueueItemId: addToQueue(call).id }),
  },
  {
    name: 'PickFromQueue',
    kind: 'action',
    on: onItem,
    parameters: { SystemUser: 'required', RemoveQueueItem: 'optional' },
    run(call) {
      const user = rowParameter(call, 'SystemUser', 'systemuser');
      if (booleanParameter(call, 'RemoveQueueItem')) remove(call);
      else change(call, { workerid: referenceTo(user) });
      return noContent(call.exchange);
    },
  },
  {
    name: 'ReleaseToQueue',
    kind: 'action',
    on: onItem,
    parameters: {},
    run(call) {
      change(call, { workerid: null });
      return noContent(call.exchange);
    },
  },
  {
    name: 'RemoveFromQueue',
    kind: 'action',
    on: onItem,
    parameters: {},
    run(call) {
      remove(call);
      return noContent(call.exchange);
    },
  },
  {
    name: 'RouteTo',
    kind: 'action',
    parameters: { Target: 'required', QueueItem: 'required' },
    run(call) {
      const item = rowParameter(call, 'QueueItem', 'queueitem');
      change({ ...call, row: item }, routed(rowParameter(call, 'Target')));
      return noContent(call.exchange);
    },
  },
  {
    name: 'ApplyRoutingRule',
    kind: 'action',
    parameters: { Target: 'required' },
    run(call) {
      const { id, table } = rowParameter(call, 'Target', 'incident');
      const { store } = call.exchange.org;
      const values = { routecase: true };
      if (table === 'incident') store.update({ table, id, values, actor: call.exchange.actor });
      return noContent(call.exchange);
    },
  },
];

/** Puts a row into the queue; where it waits in another one already, it moves. */
function addToQueue(call: Call): Row {
  const { org, actor } = call.exchange;
  const { store } = org;
  const queue = call.row!;
  const target = rowParameter(call, 'Target');
  const source = optionalRow(call, 'SourceQueue', 'queue');
  const waiting = activeQueueItem(store, referenceTo(target));
  if (queue.values.statecode === 1) {
    throw refuse(400, '0x80040522', 'You cannot add items to an inactive queue.');
  }
  if (source && (waiting?.values.queueid as Reference | undefined)?.id !== source.id) {
    throw refuse(400, '0x80040524', 'Could not find the queue item in the source queue.');
  }
  const values: Values = {
    title: store.names(target.table, [target.id]).get(target.id) ?? null,
    ...itemProperties(call),
    queueid: referenceTo(queue),
    objectid: referenceTo(target),
  };
  return waiting
    ? store.update({ table: 'queueitem', id: waiting.id, values, actor })
    : store.insert('queueitem', values, actor);
}

function itemProperties({ exchange, parameters }: Call): Values {
  const raw = parameters.QueueItemProperties;
  if (!isObject(raw)) return {};
  const table = exchange.org.store.model.table('queueitem')!;
  return readPayload(exchange, table, raw, { creating: true }).values;
}

/** To a queue: waiting there. To a user or team: being worked on by them, in their queue. */
function routed(target: Row): Values {
  if (target.table === 'queue') return { queueid: referenceTo(target), workerid: null };
  const own = target.values.queueid as Reference | null | undefined;
  return { workerid: referenceTo(target), ...(own ? { queueid: own } : {}) };
}

function change({ exchange, row }: Call, values: Values): void {
  exchange.org.store.update({ table: 'queueitem', id: row!.id, values, actor: exchange.actor });
}

function remove({ exchange, row }: Call): void {
  exchange.org.store.delete('queueitem', row!.id);
}
