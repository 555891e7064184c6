import type { Json } from 'dynamics365-connector';
import { lookupTableName, normalizeGuid, type WireRow } from 'dynamics365-connector/host';
import type { MirrorColumn } from '../plan/mirror-column.ts';

/** The cells of a row, in the order of the columns. */
export type Cells = readonly Json[];

/**
 * The rows of a page as cells. Decimals are texts, so that no target rounds them. A row that occurs twice is there once, as
 * it was read last.
 */
export function toCells(
  rows: readonly WireRow[],
  key: string,
  columns: readonly MirrorColumn[],
): readonly Cells[] {
  const byId = new Map<string, Cells>();
  for (const row of rows) {
    const id = normalizeGuid(row[key]);
    if (id === undefined) continue;
    const cells = columns.map((column) => toCell(row, column, row[column.wireName] ?? null));
    byId.set(id, cells);
  }
  return [...byId.values()];
}

/** A JSON list of objects with the members `c0`, `c1`, …; null is left out. */
export function toPageJson(rows: readonly Cells[]): string {
  const objects = rows.map((cells) => {
    const members: Record<string, Json> = {};
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] ?? null;
      if (cell !== null) members[`c${index}`] = cell;
    }
    return members;
  });
  return JSON.stringify(objects);
}

function toCell(row: WireRow, { type, wireName, lookup }: MirrorColumn, value: Json): Json {
  if (value === null) return null;
  if (lookup !== undefined) return row[lookupTableName(wireName)] ?? lookup.onlyTable ?? null;
  switch (type) {
    case 'decimal':
      return toDigits(value);
    case 'text':
      return toStorableText(String(value));
    case 'uuid':
      return String(value).toLowerCase();
    default:
      return value;
  }
}

const decimalPlaces = 10;

/** `1e-7` -> `0.0000001000` */
function toDigits(value: Json): string {
  const text = String(value);
  return text.includes('e') ? Number(value).toFixed(decimalPlaces) : text;
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
function toStorableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
