import { badArgument } from '../protocol/refusal.ts';
import { insertPayload } from '../protocol/write/save.ts';
import { answerOf, booleanParameter, payloadParameter, textParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** `instancetypecode` of an appointment that departs from its series. */
const recurringException = 3;
const noAppointment = '00000000-0000-0000-0000-000000000000';

/** What is done with series of appointments. */
export const appointmentOperations: readonly Operation[] = [
  {
    name: 'CreateException',
    kind: 'action',
    on: { kind: 'set', table: 'recurringappointmentmaster' },
    parameters: { Target: 'required', OriginalStartDate: 'required', IsDeleted: 'optional' },
    run: createException,
  },
];

/** One appointment of a series at another time or with another content; a deleted one leaves no row. */
function createException(call: Call) {
  const start = textParameter(call, 'OriginalStartDate');
  if (Number.isNaN(Date.parse(start))) throw badArgument("The parameter 'OriginalStartDate' is not a date.");
  const payload = payloadParameter(call, 'Target', 'appointment');
  if (booleanParameter(call, 'IsDeleted')) return answerOf(call, { id: noAppointment });
  const { id } = insertPayload(call.exchange, payload, {
    originalstartdate: `${new Date(start).toISOString().slice(0, 19)}Z`,
    instancetypecode: recurringException,
  });
  return answerOf(call, { id });
}
