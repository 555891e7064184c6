import type { ColumnValues, StoredRow } from '../store/types.ts';
import { dataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { findActiveQueueItem, findRowsByLookup, hasOpenActivities } from '../web-api/write/business-rules.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { referenceTo } from '../web-api/write/read-payload.ts';
import {
  operationResponse,
  readIntegerParameter,
  readPayloadParameter,
  requireReferencedRow,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** What Customer Service does with cases. */
export const caseOperations: readonly WebApiOperation[] = [
  {
    name: 'CloseIncident',
    kind: 'action',
    parameters: { IncidentResolution: 'required', Status: 'required' },
    run(call) {
      const resolution = readPayloadParameter(call, 'IncidentResolution', 'incidentresolution');
      const incident = requireReferencedRow(call, resolution, 'incidentid');
      checkClosable(call, incident);
      closeCase(call, {
        incident,
        resolution: resolution.values,
        status: readIntegerParameter(call, 'Status'),
      });
      return noContentResponse(call.context);
    },
  },
  {
    name: 'CalculateTotalTimeIncident',
    kind: 'function',
    boundTo: { kind: 'row', table: 'incident' },
    parameters: {},
    run: (call) => operationResponse(call, { TotalTime: calculateTotalTime(call) }),
  },
];

function checkClosable({ context }: OperationContext, incident: StoredRow): void {
  if (incident.values.statecode !== 0) throw dataverseError(400, '0x80044411', 'Already Closed or Canceled');
  if (hasOpenActivities(context.org.store, referenceTo(incident))) {
    const message = 'The incident can not be closed because there are open activities for this incident.';
    throw dataverseError(400, '0x8004440a', message);
  }
}

/** Notes the resolution, resolves the case and takes it out of its queue. A status of -1 is the default one. */
function closeCase(
  { context }: OperationContext,
  { incident, resolution, status }: { incident: StoredRow; resolution: ColumnValues; status: number },
): void {
  const { org, actor } = context;
  const { store } = org;
  const resolved = completeState(
    store.model.table('incident')!,
    status === -1 ? { statecode: 1 } : { statecode: 1, statuscode: status },
    incident,
  );
  store.insert('incidentresolution', { ...resolution, statecode: 1, statuscode: 2 }, actor);
  store.update({ table: 'incident', id: incident.id, values: resolved, actor });
  const waiting = findActiveQueueItem(store, referenceTo(incident));
  if (waiting) {
    const values = { statecode: 1, statuscode: 2 };
    store.update({ table: 'queueitem', id: waiting.id, values, actor });
  }
}

/** Minutes that were spent on the activities of a case. */
function calculateTotalTime({ context, row }: OperationContext): number {
  const { store } = context.org;
  return ['email', 'phonecall', 'task']
    .flatMap((table) => findRowsByLookup(store, { table, column: 'regardingobjectid', id: row!.id }))
    .reduce((sum, activity) => sum + Number(activity.values.actualdurationminutes ?? 0), 0);
}
