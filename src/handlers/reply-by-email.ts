import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { checkClient } from '../run/check-client.ts';
import type { Handler } from './handler.ts';
import { sendNewEmail } from './send-new-email.ts';

/**
 * Sends an email about a case to the case's contact, or to its customer if it has no contact. The sender is the
 * signed-in user unless the input has `from`.
 */
export const replyByEmail: Handler = async ({ id, from, ...input }, context): Promise<Json> => {
  const caseId = String(id);
  const row = (await context.run('case.get', { id: caseId })).output as JsonObject;
  const email = {
    subject: `RE: ${row.title} ${row.number ?? ''}`.trim().slice(0, 200),
    to: [customerOf(row)],
    ...input,
    from: [from ?? { table: 'user', id: (await checkClient(context.connection)).userId }],
    regarding: { table: 'case', id: caseId },
  };
  return await sendNewEmail(email, context);
};

function customerOf({ id, contact, customer }: JsonObject): JsonObject {
  const recipient = (contact ?? customer ?? null) as { readonly table: string; readonly id: string } | null;
  if (recipient !== null) return { table: recipient.table, id: recipient.id };
  const advice = 'Set the recipient in "to".';
  throw new ConnectorError('INPUT_INVALID', `Case ${id} has no contact and no customer.`, { advice });
}
