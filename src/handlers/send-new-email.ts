import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { attachToActivity, readAttachments } from './file-handlers.ts';
import type { Handler, HandlerContext } from './handler.ts';

/**
 * Creates an email with its attachments, sends it, and returns it as Dataverse saved it. If the organization refuses to
 * send it, the draft is deleted.
 */
export const sendNewEmail: Handler = async ({ attachments = [], ...input }, context): Promise<Json> => {
  const { run } = context;
  const files = readAttachments(attachments as readonly JsonObject[]);
  const draft = (await run('email.create', { outgoing: true, ...input })).output as JsonObject;
  const id = String(draft.id);
  try {
    for (const file of files) await attachToActivity(context, { table: 'email', id }, file);
    await run('email.send', { id });
  } catch (error) {
    throw await withoutDraft(error, id, run);
  }
  return (await run('email.get', { id })).output;
};

/** An error that does not tell whether the e-mail was sent leaves the draft. */
async function withoutDraft(error: unknown, id: string, run: HandlerContext['run']): Promise<unknown> {
  const isRefused =
    error instanceof ConnectorError && ['input', 'data', 'permission'].includes(error.category);
  if (!isRefused) return error;
  try {
    await run('email.delete', { id });
    return error;
  } catch {
    return error.withDetails({ advice: `${error.advice} The e-mail ${id} is still a draft; delete it.` });
  }
}
