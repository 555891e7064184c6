import type { RowFacts, Table, WireRow } from 'dynamics365-connector/host';
import { idOf } from './table-context.ts';

/** The facts of a row of which only key and version were read; undefined without an id. */
export function toKeyFacts(row: WireRow, table: Pick<Table, 'key'>): RowFacts | undefined {
  const id = idOf(row, table);
  if (id === undefined) return undefined;
  const { versionnumber = 0 } = row;
  return { id, version: BigInt(String(versionnumber)), createdMs: 0, modifiedMs: 0, row };
}
