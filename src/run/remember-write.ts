import type { RequestAction } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { parseEtagVersion, readEtag } from '../odata/row-annotations.ts';
import type { Connection } from './connection.ts';
import { outputTableOf } from './require-table.ts';
import type { SentPlan } from './send-plan.ts';
import type { FingerprintWriter } from './written-fingerprints.ts';

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
  if (isCreate) addFilled(writes.fingerprints, table, row);
  else addWritten(writes.fingerprints, table, row, plan.body);
  const fingerprints = writes.fingerprints.take();
  await writes.remember(id.toLowerCase(), { version: BigInt(version), isCreate, fingerprints });
}

/** The columns that are not empty. */
function addFilled(fingerprints: FingerprintWriter, { columns }: Table, row: JsonObject): void {
  for (const { wireName } of columns) {
    const value = row[wireName] ?? null;
    if (value !== null) fingerprints.add(wireName, value);
  }
}

/** The columns of a body: a lookup is bound by its navigation property. */
function addWritten(
  fingerprints: FingerprintWriter,
  { columns }: Table,
  row: JsonObject,
  body: Json | undefined,
): void {
  const members = isJsonObject(body ?? null) ? (body as JsonObject) : {};
  for (const { logicalName, wireName, targets = [] } of columns) {
    const isWritten =
      Object.hasOwn(members, logicalName) ||
      Object.hasOwn(members, wireName) ||
      targets.some(
        ({ navigation }) =>
          Object.hasOwn(members, `${navigation}@odata.bind`) || Object.hasOwn(members, navigation),
      );
    if (isWritten) fingerprints.add(wireName, row[wireName] ?? null);
  }
}
