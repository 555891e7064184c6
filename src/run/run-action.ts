import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RequestPlan, RunMeta, RunResult } from '../model/plan.ts';
import type { LookupTarget } from '../model/table.ts';
import { readODataPage } from '../odata/read-page.ts';
import { checkFilters } from './check-filters.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { collectRows } from './list-rows.ts';
import { missingColumnsOf } from './missing-columns.ts';
import { outputTableOf, type RunOptions, type SentPlan, sendPlan } from './send-plan.ts';
import { shapeRow } from './shape-row.ts';

/** Check -> plan -> send -> shape: the journey of one action. */
export async function runAction(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions = {},
): Promise<RunResult> {
  const checked = checkInput(connection.validator, action, input);
  await checkFilters(connection, action, checked);
  return await runCheckedAction(connection, action, checked, options);
}

/** The same for an input that has been checked, or was made here. */
export async function runCheckedAction(
  connection: Connection,
  action: RequestAction,
  checked: JsonObject,
  options: RunOptions,
): Promise<RunResult> {
  const sent = await sendPlan(connection, action, checked, options);
  const { output, meta } =
    action.output.kind === 'rows'
      ? await collectRows(connection, sent, options)
      : {
          output: shapeOutput(connection, sent.plan, sent.response.body),
          meta: { attempts: sent.response.attempts },
        };
  return { output, meta: { requestId: sent.requestId, ...meta, ...resultMeta(connection, action, sent) } };
}

/** What an answer says, in our words. */
export function shapeOutput(connection: Connection, { output }: RequestPlan, body: Json | undefined): Json {
  if (output.kind === 'none') return null;
  // A row or a list that was promised and did not come is no empty answer. Other calls may answer nothing.
  if (body === undefined && output.kind === 'row') {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      'The organization answered without the row that was asked for.',
    );
  }
  if (body === undefined) return null;
  if (output.kind === 'count') return readCount(body);
  if (output.kind === 'links') return shapeLinkedRows(output.targets, body);
  if (output.kind === 'json' && output.names !== undefined) return renameMembers(output.names, body);
  if (output.kind === 'row')
    return shapeRow(connection.definition.tables[output.table]!, body as JsonObject | null);
  return body;
}

function renameMembers(names: Readonly<Record<string, string>>, body: Json): Json {
  const values = body as JsonObject;
  return Object.fromEntries(Object.entries(names).map(([name, wire]) => [name, values[wire] ?? null]));
}

/** Rows of several tables, each with its type and key. */
function shapeLinkedRows(targets: readonly LookupTarget[], body: Json): Json {
  return readODataPage(body).rows.flatMap((row) => {
    const type = String(row['@odata.type']).replace(/^#?Microsoft\.Dynamics\.CRM\./, '');
    const target = targets.find(({ logicalName }) => logicalName === type);
    return target === undefined ? [] : [{ table: target.table, id: row[target.key ?? `${type}id`] ?? null }];
  });
}

/** The one row of an aggregation; no row at all where nothing was left to count. */
function readCount(body: Json): Json {
  const [row] = readODataPage(body).rows;
  return row?.count ?? 0;
}

function resultMeta(
  connection: Connection,
  action: RequestAction,
  { replayed, response }: SentPlan,
): Partial<RunMeta> {
  const table = outputTableOf(connection, action);
  const missing = table === undefined ? [] : [...missingColumnsOf(connection, table)];
  return {
    ...(replayed ? { replayed: true } : {}),
    ...(action.request.match?.mode === undefined ? {} : { created: response.status === 201 }),
    ...(missing.length === 0 ? {} : { missingColumns: missing }),
  };
}
