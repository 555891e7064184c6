import type { Json, JsonObject } from '../model/json.ts';
import type { Handler } from './handler.ts';

/** Creates an email, sends it, and returns it as Dataverse saved it. */
export const sendNewEmail: Handler = async (input, { run }): Promise<Json> => {
  const draft = (await run('email.create', { outgoing: true, ...input })).output as JsonObject;
  const id = String(draft.id);
  await run('email.send', { id });
  return (await run('email.get', { id })).output;
};
