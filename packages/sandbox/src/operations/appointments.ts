import { isJsonObject } from 'dynamics365-connector/base';
import { nullGuid, parseGuid } from '../guid.ts';
import { findRows } from '../logic/find-rows.ts';
import { instanceType, openInstances } from '../logic/recurring-appointments.ts';
import { timeMs } from '../logic/time-ms.ts';
import { formatDateTime } from '../store/date-time.ts';
import { requireTable } from '../store/require-table.ts';
import type { StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { deleteWithLogic, insertPayload, updatePayload } from '../web-api/write/save-payload.ts';
import { updateValues } from '../web-api/write/save-values.ts';
import {
  operationResponse,
  readBooleanParameter,
  readIntegerParameter,
  readPayloadParameter,
  readRowParameter,
  readTimeParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** `patternendtype` of a series that ends at a date. */
const endsAtDate = 3;

/** Operations of recurring appointments. */
export const appointmentOperations: readonly WebApiOperation[] = [
  {
    name: 'CreateException',
    kind: 'action',
    boundTo: { kind: 'set', table: 'recurringappointmentmaster' },
    parameters: { Target: 'required', OriginalStartDate: 'required', IsDeleted: 'optional' },
    run: createException,
  },
  {
    name: 'DeleteOpenInstances',
    kind: 'action',
    parameters: { Target: 'required', SeriesEndDate: 'required', StateOfPastInstances: 'required' },
    run: endSeries,
  },
];

/** Changes or deletes an instance of a series. Without its instance, it creates an appointment. */
function createException(call: OperationContext): WebApiResponse {
  const { context, parameters } = call;
  const startMs = readTimeParameter(call, 'OriginalStartDate');
  const payload = readPayloadParameter(call, 'Target', 'appointment');
  const seriesText = isJsonObject(parameters.Target) ? parameters.Target.seriesid : undefined;
  const seriesId = typeof seriesText === 'string' ? parseGuid(seriesText) : undefined;
  const instance = seriesId === undefined ? undefined : findInstance(call, seriesId, startMs);
  if (readBooleanParameter(call, 'IsDeleted')) {
    if (instance) deleteWithLogic(context, instance);
    return operationResponse(call, { id: nullGuid });
  }
  const extra = {
    originalstartdate: formatDateTime(startMs),
    instancetypecode: instanceType.exception,
    ...(seriesId === undefined ? {} : { seriesid: seriesId }),
  };
  if (!instance) return operationResponse(call, { id: insertPayload(context, payload, extra).id });
  updateValues(context, updatePayload(context, payload, { row: instance }), extra);
  return operationResponse(call, { id: instance.id });
}

function findInstance(
  { context }: OperationContext,
  seriesId: string,
  startMs: number,
): StoredRow | undefined {
  const filter = `seriesid eq ${seriesId} and originalstartdate eq ${formatDateTime(startMs)}`;
  return findRows(context.org.systemStore, 'appointment', filter)[0];
}

/** Ends a series: deletes its open instances after a date, and closes those before it. */
function endSeries(call: OperationContext): WebApiResponse {
  const { context } = call;
  const { systemStore: store } = context.org;
  const series = readRowParameter(call, 'Target', 'recurringappointmentmaster');
  if (series.table !== 'recurringappointmentmaster') {
    throw invalidArgument("The Target of 'DeleteOpenInstances' must be a recurring appointment.");
  }
  const endMs = readTimeParameter(call, 'SeriesEndDate');
  const statecode = readIntegerParameter(call, 'StateOfPastInstances');
  for (const instance of openInstances(store, series.id)) {
    if (timeMs(instance.values.scheduledstart) > endMs) deleteWithLogic(context, instance);
    else if (instance.values.statecode !== statecode) {
      const table = requireTable(store.model, 'appointment');
      updateValues(context, instance, completeState(table, { statecode }, instance));
    }
  }
  const remaining = findRows(store, 'appointment', `seriesid eq ${series.id}`);
  const lastMs = Math.max(...remaining.map(({ values }) => timeMs(values.scheduledend)));
  const end = formatDateTime(Number.isFinite(lastMs) ? lastMs : endMs);
  store.update({
    table: series.table,
    id: series.id,
    values: { patternendtype: endsAtDate, patternenddate: end.slice(0, 10), effectiveenddate: end },
    actor: context.actor,
  });
  return noContentResponse(context);
}
