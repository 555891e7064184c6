import { referenceTo } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import { findActiveQueueItem, findRowsByLookup, hasOpenActivities } from '../web-api/write/business-rules.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { insertRow, updateRow } from '../web-api/write/rows.ts';
import { updateValues } from '../web-api/write/save-values.ts';
import {
  operationResponse,
  readIntegerParameter,
  readPayloadParameter,
  requireBoundRow,
  requireReferencedRow,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on cases. */
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
  if (incident.values.statecode !== 0)
    throw new DataverseError(400, '0x80044411', 'Already Closed or Canceled');
  if (hasOpenActivities(context.org.systemStore, referenceTo(incident))) {
    const message = 'The incident can not be closed because there are open activities for this incident.';
    throw new DataverseError(400, '0x8004440a', message);
  }
}

/** Inserts the resolution, resolves the case and closes its queue item. A status of -1 means the default status reason. */
function closeCase(
  { context }: OperationContext,
  { incident, resolution, status }: { incident: StoredRow; resolution: ColumnValues; status: number },
): void {
  const { store, systemStore } = context.org;
  const resolved = completeState(
    requireTable(store.model, 'incident'),
    status === -1 ? { statecode: 1 } : { statecode: 1, statuscode: status },
    incident,
  );
  insertRow(context, 'incidentresolution', { ...resolution, statecode: 1, statuscode: 2 });
  updateValues(context, incident, resolved);
  const queueItem = findActiveQueueItem(systemStore, referenceTo(incident));
  if (queueItem) {
    const values = { statecode: 1, statuscode: 2 };
    updateRow(context, { table: 'queueitem', id: queueItem.id, values }, systemStore);
  }
}

/** The total duration of the activities of a case, in minutes. */
function calculateTotalTime(call: OperationContext): number {
  const { systemStore: store } = call.context.org;
  const { id } = requireBoundRow(call);
  return ['email', 'phonecall', 'task']
    .flatMap((table) => findRowsByLookup(store, { table, column: 'regardingobjectid', id }))
    .reduce((sum, activity) => sum + Number(activity.values.actualdurationminutes ?? 0), 0);
}
