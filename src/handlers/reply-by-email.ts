import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { checkClient } from '../run/check-client.ts';
import type { Handler } from './handler.ts';
import { sendNewEmail } from './send-new-email.ts';

/**
 * Writes to the customer of a case, about the case: to its contact, or to its customer where it has none, from the
 * signed-in user unless told otherwise.
 */
export const replyByEmail: Handler = async ({ id, from, ...input }, context): Promise<Json> => {
  const row = (await context.run('case.get', { id: id! })).output as JsonObject;
  const email = {
    subject: `RE: ${row.title} ${row.number ?? ''}`.trim().slice(0, 200),
    to: [customerOf(row)],
    ...input,
    from: [from ?? { table: 'user', id: (await checkClient(context.connection)).userId }],
    regarding: { table: 'case', id: id! },
  };
  return await sendNewEmail(email, context);
};

function customerOf({ id, contact, customer }: JsonObject): JsonObject {
  const person = (contact ?? customer ?? null) as JsonObject | null;
  if (person !== null) return { table: person.table!, id: person.id! };
  throw new ConnectorError(
    'INPUT_INVALID',
    `The case ${id} has no customer to write to; name someone in "to".`,
  );
}
