import type { JsonObject } from '../model/json.ts';
import { deterministicId } from './deterministic-id.ts';

/**
 * The fingerprint of one value of a row as Dataverse sends it: no value is stored. 64 bits, so that a change among
 * millions of rows is not missed. A column that is not in the row counts as empty.
 */
export function fingerprintOf(row: JsonObject, wireName: string): string {
  return deterministicId(JSON.stringify(row[wireName] ?? null))
    .replaceAll('-', '')
    .slice(-16);
}
