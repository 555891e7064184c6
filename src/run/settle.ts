import { ConnectorError } from '../errors/connector-error.ts';
import type { Answer, Call, Exchange } from '../http/call.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';

/** The answer of a call, with what was found out about its earlier attempts. */
export interface Settled {
  readonly answer: Answer;
  /** An earlier attempt (or an earlier call with the same key) had done the work. */
  readonly replayed: boolean;
}

/**
 * Sends a plan, and finds out what happened where one answer alone does not say: a create that meets its own
 * row, a delete that is already gone, a one-time action whose line broke. Throws what stays an error.
 */
export async function sendAndSettle(
  exchange: Exchange,
  plan: RequestPlan,
  call: Call,
  withKey: boolean,
): Promise<Settled> {
  let answer: Answer;
  try {
    answer = await exchange(call);
  } catch (error) {
    return { answer: await settleUnknown(exchange, plan, call, error), replayed: true };
  }
  if (answer.error === undefined) return { answer, replayed: false };
  if (plan.safety === 'create' && answer.status === 412 && (answer.ambiguous || withKey)) {
    return { answer: await readBack(exchange, rowCall(plan, call), answer), replayed: true };
  }
  if (plan.safety === 'delete' && answer.status === 404 && answer.ambiguous) {
    return { answer: { ...answer, status: 204, body: undefined, error: undefined }, replayed: true };
  }
  throw answer.error;
}

/** The row we may have created: found = ours; absent = the 412 came from an alternate key or a duplicate rule. */
async function readBack(exchange: Exchange, read: Call, refused: Answer): Promise<Answer> {
  const found = await exchange(read);
  if (found.status === 404) throw refused.error!;
  if (found.error !== undefined) throw found.error;
  return { ...found, attempts: refused.attempts + found.attempts };
}

/**
 * After REQUEST_OUTCOME_UNKNOWN: a create looks for its own row, a one-time action asks its own question. What
 * cannot be asked, or does not show, stays unknown: the request may still be on its way.
 */
async function settleUnknown(
  exchange: Exchange,
  plan: RequestPlan,
  call: Call,
  error: unknown,
): Promise<Answer> {
  if (!(error instanceof ConnectorError) || error.code !== 'REQUEST_OUTCOME_UNKNOWN') throw error;
  if (plan.safety === 'create') return await findCreated(exchange, rowCall(plan, call), error);
  if (plan.doneWhen === undefined) throw error;
  const { url, holds } = plan.doneWhen;
  const { body: _, ...rest } = call;
  const seen = await exchange({ ...rest, method: 'GET', url, headers: {}, safety: 'repeatable' });
  const row = (seen.body ?? {}) as JsonObject;
  if (Object.entries(holds).every(([column, value]) => row[column] === value)) {
    return { ...seen, status: 204, body: undefined };
  }
  throw error.with({ advice: 'The row does not show the change (yet). Look at it again before you repeat.' });
}

async function findCreated(exchange: Exchange, read: Call, unknown: ConnectorError): Promise<Answer> {
  const found = await exchange(read);
  if (found.error === undefined) return found;
  throw unknown.with({
    advice:
      'No such row is there (yet). Repeat with the same idempotency key: that never makes a second row.',
  });
}

/** Reads the row that a create makes. */
function rowCall({ createdUrl }: RequestPlan, call: Call): Call {
  const { 'if-none-match': _, ...headers } = call.headers;
  const { body: __, ...rest } = call;
  return { ...rest, method: 'GET', url: createdUrl ?? call.url, headers, safety: 'repeatable' };
}
