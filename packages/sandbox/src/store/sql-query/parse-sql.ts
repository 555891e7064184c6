import { maxPageSize } from 'dynamics365-connector/odata';
import { findSqlAlias, parseSqlColumn, parseSqlName } from './parse-sql-column.ts';
import { parseSqlCondition } from './parse-sql-condition.ts';
import type {
  SqlAggregate,
  SqlColumn,
  SqlExpression,
  SqlJoin,
  SqlOrder,
  SqlQuery,
  SqlSelectItem,
  SqlTable,
} from './sql-ast.ts';
import { SqlReader, unsupportedSql } from './sql-reader.ts';

/** Parses a SELECT statement of the subset of T-SQL that `?sql=` runs. Everything else is rejected. */
export function parseSql(text: string): SqlQuery {
  const reader = new SqlReader(text);
  if (reader.sees('WITH')) throw unsupportedSql('Common table expressions are not supported.');
  if (!reader.accept('SELECT')) throw unsupportedSql('Only SELECT statements are supported.');
  const distinct = reader.accept('DISTINCT');
  const top = reader.accept('TOP') ? parseTop(reader) : undefined;
  const items = parseList(reader, parseItem);
  reader.expect('FROM');
  const from = parseTable(reader);
  const joins = parseJoins(reader);
  const where = reader.accept('WHERE') ? parseSqlCondition(reader) : undefined;
  const groupBy = reader.accept('GROUP', 'BY') ? parseList(reader, parseSqlColumn) : [];
  rejectClauses(reader);
  const orderBy = reader.accept('ORDER', 'BY') ? parseList(reader, parseOrder) : [];
  const offset = reader.accept('OFFSET') ? parseOffset(reader) : undefined;
  rejectClauses(reader);
  reader.accept(';');
  if (!reader.isAtEnd) throw reader.syntaxError();
  return { distinct, top, items, from, joins, where, groupBy, orderBy, offset };
}

function parseList<T>(reader: SqlReader, parse: (reader: SqlReader) => T): readonly T[] {
  const items = [parse(reader)];
  while (reader.accept(',')) items.push(parse(reader));
  return items;
}

function rejectClauses(reader: SqlReader): void {
  for (const word of ['HAVING', 'UNION', 'INTERSECT', 'EXCEPT'])
    if (reader.sees(word)) throw unsupportedSql(`${word} is not supported.`);
}

function parseCount(reader: SqlReader): number {
  const text = reader.take('number');
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw reader.syntaxError();
  return Number(text);
}

function parseTop(reader: SqlReader): number {
  const inParentheses = reader.accept('(');
  const top = parseCount(reader);
  if (inParentheses) reader.expect(')');
  if (top > maxPageSize) throw unsupportedSql(`TOP must be a number between 0 and ${maxPageSize}.`);
  return top;
}

function parseOffset(reader: SqlReader): SqlQuery['offset'] {
  const rows = parseCount(reader);
  if (!reader.accept('ROWS')) reader.expect('ROW');
  if (!reader.accept('FETCH')) return { rows };
  if (!reader.accept('NEXT')) reader.expect('FIRST');
  const next = parseCount(reader);
  if (!reader.accept('ROWS')) reader.expect('ROW');
  reader.expect('ONLY');
  return { rows, next };
}

const aggregates: readonly SqlAggregate[] = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX'];

function parseExpression(reader: SqlReader): SqlExpression {
  if (reader.sees('*')) throw unsupportedSql('SELECT * is not supported. Specify the columns.');
  const aggregate = aggregates.find((name) => reader.accept(name, '('));
  if (aggregate === undefined) return { column: parseSqlColumn(reader) };
  if (aggregate === 'COUNT' && reader.accept('*', ')')) return { aggregate };
  const distinct = reader.accept('DISTINCT');
  const column = parseSqlColumn(reader);
  reader.expect(')');
  return { aggregate, column, distinct };
}

function parseItem(reader: SqlReader): SqlSelectItem {
  const expression = parseExpression(reader);
  return { ...expression, alias: findSqlAlias(reader) };
}

function parseOrder(reader: SqlReader): SqlOrder {
  const expression = parseExpression(reader);
  const descending = reader.accept('DESC');
  if (!descending) reader.accept('ASC');
  return { ...expression, descending };
}

function parseTable(reader: SqlReader): SqlTable {
  if (reader.sees('(')) throw unsupportedSql('Subqueries are not supported.');
  const parts = [parseSqlName(reader)];
  while (reader.accept('.')) parts.push(parseSqlName(reader));
  const name = (parts.at(-1) ?? '').toLowerCase();
  return { name, alias: findSqlAlias(reader)?.toLowerCase() ?? name };
}

function parseJoins(reader: SqlReader): readonly SqlJoin[] {
  const joins: SqlJoin[] = [];
  for (;;) {
    const kind = findJoinKind(reader);
    if (kind === undefined) return joins;
    const table = parseTable(reader);
    if (kind === 'cross') joins.push({ ...table, kind });
    else {
      reader.expect('ON');
      joins.push({ ...table, kind, on: parseSqlCondition(reader) });
    }
  }
}

function findJoinKind(reader: SqlReader): SqlJoin['kind'] | undefined {
  for (const word of ['CROSS', 'RIGHT', 'FULL'])
    if (reader.sees(word)) throw unsupportedSql(`${word} JOIN is not supported.`);
  if (reader.accept(',')) return 'cross';
  if (reader.accept('JOIN') || reader.accept('INNER', 'JOIN')) return 'inner';
  return reader.accept('LEFT', 'JOIN') || reader.accept('LEFT', 'OUTER', 'JOIN') ? 'outer' : undefined;
}

/** Whether two columns are the same one in the text of a query. */
export const isSameColumn = (one: SqlColumn | undefined, other: SqlColumn | undefined): boolean =>
  one?.name === other?.name && (one?.table === other?.table || !one?.table || !other?.table);
