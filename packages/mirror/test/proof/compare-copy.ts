import type { JsonObject } from 'dynamics365-connector';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import type { MirrorTarget } from '../../src/target/target.ts';
import { proofTable } from './proof-table.ts';

/** What differs between the organization and the copy. */
export interface CopyDifferences {
  readonly missing: number;
  readonly extra: number;
  readonly wrong: number;
}

/** Reads every row of the organization over HTTP, and every row of the copy, and compares them cell by cell. */
export async function compareCopy(
  sandbox: Sandbox,
  target: MirrorTarget,
  columns: readonly string[],
): Promise<CopyDifferences> {
  const rows = await readOrganization(sandbox, columns);
  const table = target.dialect.tableName(proofTable.logicalName);
  const select = columns.map((column) => `"${column}"`).join(', ');
  const copies = await target.query<JsonObject>(`SELECT ${select} FROM ${table} WHERE _deleted_at IS NULL`);
  const copied = new Map(copies.map((row) => [String(row.new_ticketid), row]));
  let [missing, wrong] = [0, 0];
  for (const [id, row] of rows) {
    const copy = copied.get(id);
    if (copy === undefined) missing += 1;
    else if (columns.some((column) => toText(row[column]) !== toText(copy[column]))) wrong += 1;
  }
  const extra = [...copied.keys()].filter((id) => !rows.has(id)).length;
  return { missing, extra, wrong };
}

async function readOrganization(sandbox: Sandbox, columns: readonly string[]) {
  const rows = new Map<string, JsonObject>();
  const { origin } = sandbox.organization;
  let url: string | undefined = `${origin}/api/data/v9.2/${proofTable.set}?$select=${columns.join(',')}`;
  while (url !== undefined) {
    const response: Response = await fetch(url, {
      headers: { authorization: `Bearer ${sandbox.issueToken()}` },
    });
    const body = (await response.json()) as { value: JsonObject[]; '@odata.nextLink'?: string };
    for (const row of body.value) rows.set(String(row.new_ticketid), row);
    url = body['@odata.nextLink'];
  }
  return rows;
}

/** The same text for the same value of each type, whatever the target makes of it. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return value.toISOString();
  const text = String(value);
  if (/^\d{4}-\d\d-\d\d[T ]\d/.test(text)) return new Date(text).toISOString();
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}
