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
  const answer = await exchange(call).catch((error: unknown) => settleUnknown(exchange, plan, call, error));
  if (answer.error === undefined) return { answer, replayed: answer.attempts === 0 };
  if (plan.safety === 'create' && answer.status === 412 && (answer.ambiguous || withKey)) {
    return { answer: await readBack(exchange, call, answer), replayed: true };
  }
  if (plan.safety === 'delete' && answer.status === 404 && answer.ambiguous) {
    return { answer: { ...answer, status: 204, body: undefined, error: undefined }, replayed: true };
  }
  throw answer.error;
}

/** The row we may have created: found = ours; absent = the 412 came from an alternate key or a duplicate rule. */
async function readBack(exchange: Exchange, call: Call, refused: Answer): Promise<Answer> {
  const { 'if-none-match': _, ...headers } = call.headers;
  const { body: __, ...rest } = call;
  const found = await exchange({ ...rest, method: 'GET', headers, safety: 'repeatable' });
  if (found.status === 404) throw refused.error!;
  if (found.error !== undefined) throw found.error;
  return { ...found, attempts: refused.attempts + found.attempts };
}

/** Asks the action's own question after REQUEST_OUTCOME_UNKNOWN; without one, the unknown stays an error. */
async function settleUnknown(
  exchange: Exchange,
  plan: RequestPlan,
  call: Call,
  error: unknown,
): Promise<Answer> {
  const unknown = error instanceof ConnectorError && error.code === 'REQUEST_OUTCOME_UNKNOWN';
  if (!unknown || plan.doneWhen === undefined) throw error;
  const { body: _, ...rest } = call;
  const seen = await exchange({
    ...rest,
    method: 'GET',
    url: plan.doneWhen.url,
    headers: {},
    safety: 'repeatable',
  });
  const row = (seen.body ?? {}) as JsonObject;
  const done = Object.entries(plan.doneWhen.holds).every(([column, value]) => row[column] === value);
  if (!done) {
    throw error.with({
      advice: 'The row does not show the change (yet). Look at it again before you repeat.',
    });
  }
  return { status: 204, headers: {}, body: undefined, attempts: 0, ambiguous: true };
}
