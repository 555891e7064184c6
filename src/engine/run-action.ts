import type { ActionDefinition } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RunMeta, RunResult } from '../model/plan.ts';
import { readPage } from '../odata/page.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { collectRows } from './list-rows.ts';
import { missingOf } from './missing-columns.ts';
import { checkFilters } from './query/check-filters.ts';
import { type RunOptions, type Sent, sendPlan, tableOf } from './send-plan.ts';
import { shapeRow } from './shape-row.ts';

/** Check -> plan -> send -> shape: the journey of one action. */
export async function runAction(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
  options: RunOptions = {},
): Promise<RunResult> {
  const checked = checkInput(connection.validator, action, input);
  await checkFilters(connection, action, checked);
  const sent = await sendPlan(connection, action, checked, options);
  const { output, meta } =
    action.output.kind === 'rows'
      ? await collectRows(connection, sent, options)
      : { output: shapeOutput(connection, sent), meta: { attempts: sent.answer.attempts } };
  return { output, meta: { requestId: sent.requestId, ...meta, ...notes(connection, action, sent) } };
}

function shapeOutput(connection: Connection, { plan, answer }: Sent): Json {
  const { output } = plan;
  if (output.kind === 'none' || answer.body === undefined) return null;
  if (output.kind === 'count') return countIn(answer.body);
  if (output.kind === 'row')
    return shapeRow(connection.definition.tables[output.table]!, answer.body as JsonObject);
  return answer.body;
}

/** The one row of an aggregation; no row at all where nothing was left to count. */
function countIn(body: Json): Json {
  const [row] = readPage(body).rows;
  return row?.count ?? 0;
}

function notes(
  connection: Connection,
  action: ActionDefinition,
  { replayed, answer }: Sent,
): Partial<RunMeta> {
  const table = tableOf(connection, action);
  const missing = table === undefined ? [] : [...missingOf(connection, table)];
  return {
    ...(replayed ? { replayed: true } : {}),
    ...(action.request.match?.mode === undefined ? {} : { created: answer.status === 201 }),
    ...(missing.length === 0 ? {} : { missingColumns: missing }),
  };
}
