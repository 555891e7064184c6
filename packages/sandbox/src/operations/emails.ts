import { formatDateTime } from '../store/date-time.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { findRowsByLookup } from '../web-api/write/business-rules.ts';
import { referenceTo } from '../web-api/write/read-payload.ts';
import { insertPayload } from '../web-api/write/save-payload.ts';
import {
  operationResponse,
  readBooleanParameter,
  readPayloadParameter,
  readRowParameter,
  requireBoundRow,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations that send e-mails. Nothing leaves the sandbox: the e-mail is marked as sent. */
export const emailOperations: readonly WebApiOperation[] = [
  {
    name: 'SendEmail',
    kind: 'action',
    boundTo: { kind: 'row', table: 'email' },
    parameters: { IssueSend: 'required', TrackingToken: 'optional' },
    run(call) {
      const email = requireBoundRow(call);
      if (readBooleanParameter(call, 'IssueSend')) markAsSent(call, email);
      return operationResponse(call, { Subject: email.values.subject ?? null });
    },
  },
  {
    name: 'SendEmailFromTemplate',
    kind: 'action',
    parameters: { TemplateId: 'required', Regarding: 'required', Target: 'required' },
    run(call) {
      const regarding = readRowParameter(call, 'Regarding');
      const payload = readPayloadParameter(call, 'Target', 'email');
      const email = insertPayload(call.context, payload, { regardingobjectid: referenceTo(regarding) });
      markAsSent(call, email);
      return operationResponse(call, { Id: email.id });
    },
  },
];

/** Participation types of recipients: to, cc, bcc. */
const recipientMasks = [2, 3, 4];

function markAsSent({ context }: OperationContext, email: StoredRow): void {
  const { org, actor } = context;
  const { store } = org;
  const parties = findRowsByLookup(store, { table: 'activityparty', column: 'activityid', id: email.id });
  if (!parties.some((party) => recipientMasks.includes(Number(party.values.participationtypemask)))) {
    throw new DataverseError(
      400,
      '0x80040b04',
      'The e-mail must have at least one recipient before it can be sent',
    );
  }
  const senton = formatDateTime(org.now());
  store.update({ table: 'email', id: email.id, values: { statecode: 1, statuscode: 3, senton }, actor });
}
