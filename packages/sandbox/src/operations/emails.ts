import { formatDateTime } from '../store/date-time.ts';
import { referenceTo, toReference } from '../store/entity-reference.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import type { WebApiContext } from '../web-api/types.ts';
import { findRowsByLookup } from '../web-api/write/business-rules.ts';
import { updateRow } from '../web-api/write/rows.ts';
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

/** Participation types: the sender, and the recipients (to, cc, bcc). */
const senderMask = 1;
const recipientMasks = [2, 3, 4];

function markAsSent({ context }: OperationContext, email: StoredRow): void {
  const { org } = context;
  const parties = findRowsByLookup(org.systemStore, {
    table: 'activityparty',
    column: 'activityid',
    id: email.id,
  });
  const hasRole = (masks: readonly number[]) =>
    parties.filter(({ values }) => masks.includes(Number(values.participationtypemask)));
  checkRecipients(context, hasRole(recipientMasks));
  checkSender(context, hasRole([senderMask]));
  const senton = formatDateTime(org.now());
  updateRow(context, { table: 'email', id: email.id, values: { statecode: 1, statuscode: 3, senton } });
}

/** The sender is one user or queue; a queue needs an address. */
function checkSender({ org }: WebApiContext, senders: readonly StoredRow[]): void {
  const [sender] = senders;
  if (sender === undefined)
    throw new DataverseError(400, '0x80040b02', 'The e-mail must have a sender before it can be sent.');
  const party = toReference(sender.values.partyid);
  if (senders.length > 1 || !['systemuser', 'queue'].includes(party?.table ?? ''))
    throw new DataverseError(400, '0x80040b01', 'Invalid sender party.');
  if (party?.table === 'queue' && !org.systemStore.read('queue', party.id)?.values.emailaddress)
    throw new DataverseError(400, '0x80040b08', 'The sender has no e-mail address.');
}

/** Recipients that are no rows are refused unless the organization allows them. The code is not documented. */
function checkRecipients({ org }: WebApiContext, recipients: readonly StoredRow[]): void {
  if (recipients.length === 0) {
    throw new DataverseError(
      400,
      '0x80040b04',
      'The e-mail must have at least one recipient before it can be sent',
    );
  }
  const settings = org.systemStore.read('organization', org.organizationId);
  const isUnresolved = recipients.some(({ values }) => (values.partyid ?? null) === null);
  if (isUnresolved && settings?.values.allowunresolvedpartiesonemailsend !== true)
    throw new DataverseError(400, '0x80040b05', 'The e-mail has unresolved recipients.');
}
