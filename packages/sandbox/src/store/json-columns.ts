/** Rows as JSON objects in SQL, by the names of their SQL columns. Numbers and texts keep their type. */

/** SQLite allows 127 arguments of a function. */
const maxPairs = 60;

/** An expression for a row as a JSON object. `columns`: quoted names. */
export function toJsonSql(columns: readonly string[]): string {
  const pairs = columns.slice(0, maxPairs).map((column) => `'${column.slice(1, -1)}', ${column}`);
  const object = `json_object(${pairs.join(', ')})`;
  return columns.length <= maxPairs ? object : `json_patch(${toJsonSql(columns.slice(maxPairs))}, ${object})`;
}

/** An expression for a column of a row that `json`, another expression, holds. */
export const fromJsonSql = (json: string, column: string): string => `json_extract(${json}, '$.${column}')`;
