import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RunMeta, RunResult } from '../model/plan.ts';
import { checkActionInput } from './ask-organization.ts';
import { fitsInUrl } from './batch-long-reads.ts';
import { checkFilters } from './check-filters.ts';
import { applyColumnInputs } from './column-inputs.ts';
import type { Connection } from './connection.ts';
import { nextPageRequest } from './list-pages.ts';
import { collectRows } from './list-rows.ts';
import { missingColumnsOf, noColumns } from './missing-columns.ts';
import { completeNestedLists } from './nested-lists.ts';
import { outputTableOf } from './require-table.ts';
import { returnsList } from './returns-list.ts';
import type { RunOptions } from './run-options.ts';
import { type SentPlan, type StartedCall, sendPlan, startCall, toApiRequest } from './send-plan.ts';

/** Runs one action: checks the input, plans the request, sends it and shapes the response. */
export function runAction(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions = {},
): Promise<RunResult> {
  const { compiled, definition, direct, validator } = connection;
  const isPlain = direct !== undefined && isSignalOnly(options);
  const checked = isPlain ? compiled.of(definition, action).acceptOrdinary(validator, input) : undefined;
  return checked === undefined
    ? runUnchecked(connection, action, input, options)
    : runOrdinary(connection, action, checked, options.signal);
}

/** An object of the names would be allocated for each call. */
function isSignalOnly(options: RunOptions): boolean {
  for (const name in options) if (name !== 'signal') return false;
  return true;
}

/** The ordinary call: one plan, one attempt, one response. Whatever is unusual goes on in `runCheckedAction`. */
async function runOrdinary(
  connection: Connection,
  action: RequestAction,
  checked: JsonObject,
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const options = signal === undefined ? noOptions : { signal };
  const call = startCall(connection, action, checked, noOptions);
  const { plan, requestId } = call;
  const attempt = fitsInUrl(plan.url)
    ? connection.direct?.startDirectly(toApiRequest(plan, requestId, signal))
    : undefined;
  const response = attempt && (await attempt.response);
  if (response === undefined || (response.body === undefined && plan.output.kind === 'row'))
    return await runCheckedAction(connection, action, checked, {
      ...options,
      started: { ...call, attempt, response },
    });
  const sent: SentPlan = { plan, requestId, response, replayed: false };
  const { shape, isOneResponse } = connection.compiled.of(connection.definition, action);
  if (!isOneResponse) return await completeRun(connection, action, sent, options);
  const written = rememberWrite(connection, action, sent);
  if (written !== undefined) await written;
  return { output: shape(response.body), meta: toMeta(connection, action, sent, response) };
}

const noOptions: RunOptions = {};

/** Any other call: its input may need the organization to be judged. */
async function runUnchecked(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions,
): Promise<RunResult> {
  const checked = await checkActionInput(connection, action, input);
  await checkFilters(connection, action, checked);
  const withColumns = await applyColumnInputs(connection, action, checked);
  return await runCheckedAction(withColumns, action, checked, options);
}

/** Runs one action with an input that has been checked already. */
export async function runCheckedAction(
  connection: Connection,
  action: RequestAction,
  checked: JsonObject,
  options: RunOptions & { readonly started?: StartedCall },
): Promise<RunResult> {
  const sent = await sendPlan(connection, action, checked, options);
  return await completeRun(connection, action, sent, options);
}

/** The result of a call whose request was successful. */
async function completeRun(
  connection: Connection,
  action: RequestAction,
  sent: SentPlan,
  options: RunOptions,
): Promise<RunResult> {
  await rememberWrite(connection, action, sent);
  const { output, meta } = returnsList(action)
    ? await collectRows(connection, action, sent, options)
    : await readOutput(connection, action, sent, options);
  return { output, meta: toMeta(connection, action, sent, meta) };
}

/** Undefined if there is nothing to remember. */
function rememberWrite(
  connection: Connection,
  action: RequestAction,
  sent: SentPlan,
): Promise<void> | undefined {
  const { plan, replayed } = sent;
  if (plan.method === 'GET' || replayed || connection.writes === undefined) return undefined;
  const table = outputTableOf(connection, action);
  return table === undefined ? undefined : connection.writes.remember(table, sent);
}

/** The output of an action that is one response, with all pages of the lists inside of it. */
async function readOutput(
  connection: Connection,
  action: RequestAction,
  sent: SentPlan,
  { signal }: RunOptions,
) {
  const { attempts, body } = sent.response;
  const nested = await completeNestedLists(connection, body ?? null, nextPageRequest(sent, signal));
  const complete = body === undefined ? undefined : nested.value;
  const meta = { attempts: attempts + nested.attempts };
  return { output: connection.compiled.of(connection.definition, action).shape(complete), meta };
}

/** The status tells it: 201 or 200. A 204, which an organization may send instead, does not. */
function createdByUpsert({ request }: RequestAction, status: number): boolean | undefined {
  return request.match?.mode === undefined || status === 204 ? undefined : status === 201;
}

function toMeta(
  connection: Connection,
  action: RequestAction,
  { replayed, response, requestId }: SentPlan,
  { attempts, hasMore }: Pick<RunMeta, 'attempts' | 'hasMore'>,
): RunMeta {
  const meta: { -readonly [Key in keyof RunMeta]: RunMeta[Key] } = { requestId, attempts };
  const created = createdByUpsert(action, response.status);
  const table = outputTableOf(connection, action);
  const missing = table === undefined ? noColumns : missingColumnsOf(connection, table);
  if (hasMore !== undefined) meta.hasMore = hasMore;
  if (replayed) meta.replayed = true;
  if (created !== undefined) meta.created = created;
  if (missing.size > 0) meta.missingColumns = [...missing];
  return meta;
}
