import { noContent } from '../protocol/answer.ts';
import { refuse } from '../protocol/refusal.ts';
import { referenceTo } from '../protocol/write/payload.ts';
import { activeQueueItem, hasOpenActivities, rowsWith } from '../protocol/write/rules.ts';
import { completeState } from '../protocol/write/state.ts';
import type { Row, Values } from '../store/types.ts';
import { answerOf, integerParameter, payloadParameter, requiredReference } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** What Customer Service does with cases. */
export const caseOperations: readonly Operation[] = [
  {
    name: 'CloseIncident',
    kind: 'action',
    parameters: { IncidentResolution: 'required', Status: 'required' },
    run(call) {
      const resolution = payloadParameter(call, 'IncidentResolution', 'incidentresolution');
      const incident = requiredReference(call, resolution, 'incidentid');
      checkClosable(call, incident);
      closeCase(call, { incident, resolution: resolution.values, status: integerParameter(call, 'Status') });
      return noContent(call.exchange);
    },
  },
  {
    name: 'CalculateTotalTimeIncident',
    kind: 'function',
    on: { kind: 'row', table: 'incident' },
    parameters: {},
    run: (call) => answerOf(call, { TotalTime: totalTime(call) }),
  },
];

function checkClosable({ exchange }: Call, incident: Row): void {
  if (incident.values.statecode !== 0) throw refuse(400, '0x80044411', 'Already Closed or Canceled');
  if (hasOpenActivities(exchange.org.store, referenceTo(incident))) {
    const message = 'The incident can not be closed because there are open activities for this incident.';
    throw refuse(400, '0x8004440a', message);
  }
}

/** Notes the resolution, resolves the case and takes it out of its queue. A status of -1 is the default one. */
function closeCase(
  { exchange }: Call,
  { incident, resolution, status }: { incident: Row; resolution: Values; status: number },
): void {
  const { org, actor } = exchange;
  const { store } = org;
  const resolved = completeState(
    store.model.table('incident')!,
    status === -1 ? { statecode: 1 } : { statecode: 1, statuscode: status },
    incident,
  );
  store.insert('incidentresolution', { ...resolution, statecode: 1, statuscode: 2 }, actor);
  store.update({ table: 'incident', id: incident.id, values: resolved, actor });
  const waiting = activeQueueItem(store, referenceTo(incident));
  if (waiting) {
    const values = { statecode: 1, statuscode: 2 };
    store.update({ table: 'queueitem', id: waiting.id, values, actor });
  }
}

/** Minutes that were spent on the activities of a case. */
function totalTime({ exchange, row }: Call): number {
  const { store } = exchange.org;
  return ['email', 'phonecall', 'task']
    .flatMap((table) => rowsWith(store, { table, column: 'regardingobjectid', id: row!.id }))
    .reduce((sum, activity) => sum + Number(activity.values.actualdurationminutes ?? 0), 0);
}
