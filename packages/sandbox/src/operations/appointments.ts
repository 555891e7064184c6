import { invalidArgument } from '../web-api/errors.ts';
import { insertPayload } from '../web-api/write/save-payload.ts';
import {
  operationResponse,
  readBooleanParameter,
  readPayloadParameter,
  readStringParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** `instancetypecode` of an appointment that departs from its series. */
const recurringException = 3;
const noAppointment = '00000000-0000-0000-0000-000000000000';

/** What is done with series of appointments. */
export const appointmentOperations: readonly WebApiOperation[] = [
  {
    name: 'CreateException',
    kind: 'action',
    boundTo: { kind: 'set', table: 'recurringappointmentmaster' },
    parameters: { Target: 'required', OriginalStartDate: 'required', IsDeleted: 'optional' },
    run: createException,
  },
];

/** One appointment of a series at another time or with another content; a deleted one leaves no row. */
function createException(call: OperationContext) {
  const start = readStringParameter(call, 'OriginalStartDate');
  if (Number.isNaN(Date.parse(start)))
    throw invalidArgument("The parameter 'OriginalStartDate' is not a date.");
  const payload = readPayloadParameter(call, 'Target', 'appointment');
  if (readBooleanParameter(call, 'IsDeleted')) return operationResponse(call, { id: noAppointment });
  const { id } = insertPayload(call.context, payload, {
    originalstartdate: `${new Date(start).toISOString().slice(0, 19)}Z`,
    instancetypecode: recurringException,
  });
  return operationResponse(call, { id });
}
