import { parseSqlColumn } from './parse-sql-column.ts';
import type { SqlColumn, SqlCondition } from './sql-ast.ts';
import { type SqlReader, unsupportedSql } from './sql-reader.ts';

/** Operators of SQL -> operators of FetchXML. */
const operators: Readonly<Record<string, string>> = {
  '=': 'eq',
  '<>': 'ne',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'ge',
  '<': 'lt',
  '<=': 'le',
};

const maxDepth = 40;

/** Parses the condition of WHERE or ON: comparisons, IN, LIKE, BETWEEN, IS NULL, with AND, OR and parentheses. */
export function parseSqlCondition(reader: SqlReader, depth = 0): SqlCondition {
  if (depth > maxDepth) throw unsupportedSql('The statement is nested too deeply.');
  const terms = [parseAnd(reader, depth)];
  while (reader.accept('OR')) terms.push(parseAnd(reader, depth));
  return joinTerms('or', terms);
}

function parseAnd(reader: SqlReader, depth: number): SqlCondition {
  const terms = [parseTerm(reader, depth)];
  while (reader.accept('AND')) terms.push(parseTerm(reader, depth));
  return joinTerms('and', terms);
}

const joinTerms = (kind: 'and' | 'or', terms: readonly SqlCondition[]): SqlCondition =>
  terms.length === 1 && terms[0] ? terms[0] : { kind, terms };

function parseTerm(reader: SqlReader, depth: number): SqlCondition {
  if (reader.sees('EXISTS') || reader.sees('NOT', 'EXISTS'))
    throw unsupportedSql('Subqueries are not supported.');
  if (reader.accept('(')) {
    if (reader.sees('SELECT')) throw unsupportedSql('Subqueries are not supported.');
    const inner = parseSqlCondition(reader, depth + 1);
    reader.expect(')');
    return inner;
  }
  return parsePredicate(reader, parseSqlColumn(reader));
}

function parsePredicate(reader: SqlReader, column: SqlColumn): SqlCondition {
  if (reader.accept('IS', 'NOT', 'NULL')) return compare(column, 'not-null');
  if (reader.accept('IS', 'NULL')) return compare(column, 'null');
  const not = reader.accept('NOT') ? 'not-' : '';
  if (reader.accept('LIKE')) return compare(column, `${not}like`, [parseLiteral(reader)]);
  if (reader.accept('IN')) return compare(column, `${not}in`, parseList(reader));
  if (reader.accept('BETWEEN')) {
    const low = parseLiteral(reader);
    reader.expect('AND');
    return compare(column, `${not}between`, [low, parseLiteral(reader)]);
  }
  const symbol = not === '' ? reader.take('symbol') : undefined;
  const operator = symbol === undefined ? undefined : operators[symbol];
  if (operator === undefined) throw reader.syntaxError();
  return parseComparison(reader, column, operator);
}

/** In SQL, a negated condition does not match rows without a value; in FetchXML it does. */
function compare(column: SqlColumn, operator: string, values: readonly string[] = []): SqlCondition {
  const compared: SqlCondition = { kind: 'compare', column, operator, values };
  if (values.length === 0 || !/^n(?:e|ot-)/.test(operator)) return compared;
  return { kind: 'and', terms: [compared, compare(column, 'not-null')] };
}

function parseComparison(reader: SqlReader, column: SqlColumn, operator: string): SqlCondition {
  if (reader.sees('(', 'SELECT')) throw unsupportedSql('Subqueries are not supported.');
  const literal = findLiteral(reader);
  if (literal === undefined)
    return { kind: 'columns', left: column, operator, right: parseSqlColumn(reader) };
  return compare(column, operator, [literal]);
}

function parseList(reader: SqlReader): readonly string[] {
  reader.expect('(');
  if (reader.sees('SELECT')) throw unsupportedSql('Subqueries are not supported.');
  const values = [parseLiteral(reader)];
  while (reader.accept(',')) values.push(parseLiteral(reader));
  reader.expect(')');
  return values;
}

function parseLiteral(reader: SqlReader): string {
  const literal = findLiteral(reader);
  if (literal === undefined) throw reader.syntaxError();
  return literal;
}

function findLiteral(reader: SqlReader): string | undefined {
  const sign = reader.accept('-') ? '-' : '';
  const number = reader.take('number');
  if (number !== undefined) return `${sign}${number}`;
  return sign === '' ? reader.take('string') : undefined;
}
