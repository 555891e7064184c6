import { ConnectorError } from '../errors/connector-error.ts';
import type { RequestAction } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { RequestPlan, RunMeta, RunResult } from '../model/plan.ts';
import type { LookupTarget } from '../model/table.ts';
import { readODataPage } from '../odata/read-page.ts';
import { checkFilters } from './check-filters.ts';
import { checkInput } from './check-input.ts';
import type { Connection } from './connection.ts';
import { collectRows } from './list-rows.ts';
import { missingColumnsOf } from './missing-columns.ts';
import { requireTable } from './require-table.ts';
import type { RunOptions } from './run-options.ts';
import { outputTableOf, type SentPlan, sendPlan } from './send-plan.ts';
import { shapeRow } from './shape-row.ts';

/** Runs one action: checks the input, plans the request, sends it and shapes the response. */
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

/** Runs one action with an input that has been checked already. */
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
  return { output, meta: omitUndefined({ ...meta, ...resultMeta(connection, action, sent) }) };
}

/** The output of an action from a response body: rows with our column names, a count, links or plain JSON. */
export function shapeOutput(connection: Connection, { output }: RequestPlan, body: Json | undefined): Json {
  if (output.kind === 'none') return null;
  // An empty body is no row. Other actions may have an empty response.
  if (body === undefined && output.kind === 'row') {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      'The response of the organization does not have the requested row.',
    );
  }
  if (body === undefined) return null;
  if (output.kind === 'count') return readCount(body);
  if (output.kind === 'links') return shapeLinkedRows(output.targets, body);
  if (output.kind === 'json' && output.names !== undefined) return renameMembers(output.names, body);
  if (output.kind === 'row')
    return shapeRow(requireTable(connection.definition, output.table), body as JsonObject | null);
  return body;
}

function renameMembers(names: Readonly<Record<string, string>>, body: Json): Json {
  const values = body as JsonObject;
  return Object.fromEntries(Object.entries(names).map(([name, wire]) => [name, values[wire] ?? null]));
}

/** Rows of several tables as links: `{ table, id }`. */
function shapeLinkedRows(targets: readonly LookupTarget[], body: Json): Json {
  return readODataPage(body).rows.flatMap((row) => {
    const type = String(row['@odata.type']).replace(/^#?Microsoft\.Dynamics\.CRM\./, '');
    const target = targets.find(({ logicalName }) => logicalName === type);
    return target === undefined ? [] : [{ table: target.table, id: row[target.key ?? `${type}id`] ?? null }];
  });
}

/** The count in the one row of an aggregation; Dataverse sends no row if there is nothing to count. */
function readCount(body: Json): Json {
  const [row] = readODataPage(body).rows;
  return row?.count ?? 0;
}

function resultMeta(
  connection: Connection,
  action: RequestAction,
  { replayed, response, requestId }: SentPlan,
): Omit<RunMeta, 'attempts' | 'hasMore'> {
  const table = outputTableOf(connection, action);
  const missing = table === undefined ? [] : [...missingColumnsOf(connection, table)];
  return {
    requestId,
    replayed: replayed || undefined,
    created: action.request.match?.mode === undefined ? undefined : response.status === 201,
    missingColumns: missing.length === 0 ? undefined : missing,
  };
}
