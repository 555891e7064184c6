import { refuse } from '../protocol/refusal.ts';
import { referenceTo } from '../protocol/write/payload.ts';
import { rowsWith } from '../protocol/write/rules.ts';
import { insertPayload } from '../protocol/write/save.ts';
import type { Row } from '../store/types.ts';
import { answerOf, booleanParameter, payloadParameter, rowParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** Sending. Nothing leaves the sandbox: the e-mail is marked as sent. */
export const emailOperations: readonly Operation[] = [
  {
    name: 'SendEmail',
    kind: 'action',
    on: { kind: 'row', table: 'email' },
    parameters: { IssueSend: 'required', TrackingToken: 'optional' },
    run(call) {
      const email = call.row!;
      if (booleanParameter(call, 'IssueSend')) send(call, email);
      return answerOf(call, { Subject: email.values.subject ?? null });
    },
  },
  {
    name: 'SendEmailFromTemplate',
    kind: 'action',
    parameters: { TemplateId: 'required', Regarding: 'required', Target: 'required' },
    run(call) {
      const regarding = rowParameter(call, 'Regarding');
      const payload = payloadParameter(call, 'Target', 'email');
      const email = insertPayload(call.exchange, payload, { regardingobjectid: referenceTo(regarding) });
      send(call, email);
      return answerOf(call, { Id: email.id });
    },
  },
];

/** Participation types of people who get the mail: to, cc, bcc. */
const recipients = [2, 3, 4];

function send({ exchange }: Call, email: Row): void {
  const { org, actor } = exchange;
  const { store } = org;
  const parties = rowsWith(store, { table: 'activityparty', column: 'activityid', id: email.id });
  if (!parties.some((party) => recipients.includes(Number(party.values.participationtypemask)))) {
    throw refuse(400, '0x80040b04', 'The e-mail must have at least one recipient before it can be sent');
  }
  const senton = `${new Date(org.now()).toISOString().slice(0, 19)}Z`;
  store.update({ table: 'email', id: email.id, values: { statecode: 1, statuscode: 3, senton }, actor });
}
