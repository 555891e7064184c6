import type { Json, JsonObject } from '../model/json.ts';
import type { Handler } from './handler.ts';

/** Writes an e-mail and sends it; answers it as it was saved. */
export const sendNewEmail: Handler = async (input, { run }): Promise<Json> => {
  const draft = (await run('email.create', { outgoing: true, ...input })).output as JsonObject;
  await run('email.send', { id: draft.id! });
  return (await run('email.get', { id: draft.id! })).output;
};
