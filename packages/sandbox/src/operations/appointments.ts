import { nullGuid } from '../guid.ts';
import { formatDateTime } from '../store/date-time.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { insertPayload } from '../web-api/write/save-payload.ts';
import {
  operationResponse,
  readBooleanParameter,
  readPayloadParameter,
  readStringParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** `instancetypecode` of an appointment that differs from its series. */
const recurringException = 3;
/** Operations of recurring appointments. */
export const appointmentOperations: readonly WebApiOperation[] = [
  {
    name: 'CreateException',
    kind: 'action',
    boundTo: { kind: 'set', table: 'recurringappointmentmaster' },
    parameters: { Target: 'required', OriginalStartDate: 'required', IsDeleted: 'optional' },
    run: createException,
  },
];

/** Creates an appointment that differs from its series. A deleted one creates no row. */
function createException(call: OperationContext) {
  const start = readStringParameter(call, 'OriginalStartDate');
  if (Number.isNaN(Date.parse(start)))
    throw invalidArgument("The parameter 'OriginalStartDate' is not a valid date.");
  const payload = readPayloadParameter(call, 'Target', 'appointment');
  if (readBooleanParameter(call, 'IsDeleted')) return operationResponse(call, { id: nullGuid });
  const { id } = insertPayload(call.context, payload, {
    originalstartdate: formatDateTime(Date.parse(start)),
    instancetypecode: recurringException,
  });
  return operationResponse(call, { id });
}
