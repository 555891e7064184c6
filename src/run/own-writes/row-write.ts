import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { RequestPlan } from '../../model/plan.ts';
import type { Table } from '../../model/table.ts';
import { parseEtagVersion, readEtag } from '../../odata/row-annotations.ts';
import type { RememberedWrite } from './remembered-write.ts';
import type { FingerprintWriter } from './written-fingerprints.ts';

/** A request that wrote, and its response. */
export interface AnsweredWrite {
  readonly plan: Pick<RequestPlan, 'safety' | 'output' | 'body'>;
  readonly response: { readonly status: number; readonly body?: Json | undefined };
}

/** The row that was written, and what the write left in it. */
export interface RowWrite {
  readonly id: string;
  readonly write: RememberedWrite;
}

/**
 * Reads what a write left in its row. The response has the row with its version, since these actions return it; other
 * writes (bulk, associations, actions such as CloseIncident) return none, and the result is undefined.
 */
export function readRowWrite(
  fingerprints: FingerprintWriter,
  table: Table,
  { plan, response }: AnsweredWrite,
): RowWrite | undefined {
  const { body: row } = response;
  if (plan.output.kind !== 'row' || !isJsonObject(row)) return undefined;
  const id = row[table.key];
  const version = parseEtagVersion(readEtag(row) ?? '');
  if (typeof id !== 'string' || version === undefined) return undefined;
  const isCreate = plan.safety === 'create' || response.status === 201;
  if (isCreate) addFilled(fingerprints, table, row);
  else addWritten(fingerprints, table, row, plan.body);
  const write = { version: BigInt(version), isCreate, fingerprints: fingerprints.take() };
  return { id: id.toLowerCase(), write };
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
