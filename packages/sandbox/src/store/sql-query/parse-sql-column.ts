import type { SqlColumn } from './sql-ast.ts';
import { type SqlReader, unsupportedSql } from './sql-reader.ts';

/** Words that begin a clause, so that they are no aliases. */
const reserved = new Set(
  'AND AS ASC BETWEEN BY CASE CROSS DESC DISTINCT EXCEPT FETCH FROM FULL GROUP HAVING IN INNER INTERSECT IS JOIN LEFT LIKE NOT NULL OFFSET ON OR ORDER OUTER RIGHT SELECT TOP UNION WHERE WITH'.split(
    ' ',
  ),
);

/** Reads a name: a word that is not reserved, or any text in brackets or double quotes. */
function findSqlName(reader: SqlReader): string | undefined {
  const quoted = reader.take('name');
  if (quoted !== undefined) return quoted;
  for (const word of reserved) if (reader.sees(word)) return undefined;
  return reader.take('word');
}

export function parseSqlName(reader: SqlReader): string {
  const name = findSqlName(reader);
  if (name === undefined) throw reader.syntaxError();
  return name;
}

/** Reads `name`, `a.name` or `dbo.account.name`. Names of tables and columns have no case. */
export function parseSqlColumn(reader: SqlReader): SqlColumn {
  if (reader.sees('CASE')) throw unsupportedSql('CASE is not supported.');
  const parts = [parseSqlName(reader)];
  while (reader.accept('.')) {
    if (reader.sees('*')) throw unsupportedSql('SELECT * is not supported. Specify the columns.');
    parts.push(parseSqlName(reader));
  }
  if (reader.sees('(')) throw unsupportedSql(`The function '${parts.at(-1)}' is not supported.`);
  return { table: parts.at(-2)?.toLowerCase(), name: (parts.at(-1) ?? '').toLowerCase() };
}

/** The text of an aliases that follows, with or without AS. */
export function findSqlAlias(reader: SqlReader): string | undefined {
  return reader.accept('AS') ? parseSqlName(reader) : findSqlName(reader);
}
