import type { RequestAction } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { parseEtagVersion, readEtag } from '../odata/row-annotations.ts';
import { fingerprintOf } from './column-fingerprint.ts';
import type { Connection } from './connection.ts';
import { outputTableOf } from './require-table.ts';
import type { SentPlan } from './send-plan.ts';

/**
 * Remembers what a write left in its row, so that a trigger with `ignoreChangesBy: self` recognizes it. The response has
 * the row with its version, since these actions return it; other writes (bulk, associations, actions such as
 * CloseIncident) return none and are not remembered.
 */
export async function rememberWrite(
  connection: Connection,
  action: RequestAction,
  { plan, response, replayed }: SentPlan,
): Promise<void> {
  const { writes } = connection;
  const table = outputTableOf(connection, action);
  const { body: row } = response;
  if (writes === undefined || table === undefined || plan.method === 'GET' || replayed) return;
  if (plan.output.kind !== 'row' || !isJsonObject(row)) return;
  const id = row[table.key];
  const version = parseEtagVersion(readEtag(row) ?? '');
  if (typeof id !== 'string' || version === undefined) return;
  const isCreate = plan.safety === 'create' || response.status === 201;
  const columns = isCreate ? filledColumns(table, row) : writtenColumns(table, plan.body);
  const fingerprints = Object.fromEntries(columns.map((column) => [column, fingerprintOf(row, column)]));
  await writes.remember(id.toLowerCase(), { version: BigInt(version), isCreate, fingerprints });
}

function filledColumns(table: Table, row: JsonObject): readonly string[] {
  return wireNames(table).filter((wireName) => (row[wireName] ?? null) !== null);
}

/** The columns of a body: a lookup is bound by its navigation property. */
function writtenColumns(table: Table, body: Json | undefined): readonly string[] {
  const members = new Set(Object.keys(isJsonObject(body ?? null) ? (body as JsonObject) : {}));
  return table.columns
    .filter(
      ({ logicalName, wireName, targets = [] }) =>
        members.has(logicalName) ||
        members.has(wireName) ||
        targets.some(({ navigation }) => members.has(`${navigation}@odata.bind`) || members.has(navigation)),
    )
    .map(({ wireName }) => wireName);
}

function wireNames({ columns }: Table): readonly string[] {
  return [...new Set(columns.map(({ wireName }) => wireName))];
}
