import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type {
  Comparison,
  ComparisonOperator,
  Filter,
  Literal,
  Operand,
  PropertyPath,
  QueryFunction,
} from '../../odata/query/ast.ts';

/** A filter that a test with rows cannot judge: it needs related rows, the present time or the organization. */
export class UnjudgedFilter extends Error {}

type Value = string | number | boolean | null;

/**
 * Whether a row, as Dataverse sends it, matches a filter. Texts are compared without regard to case, as most
 * organizations do.
 *
 * @throws UnjudgedFilter for a condition that the columns of the row do not decide
 */
export function judgeRow(filter: Filter, row: JsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => judgeRow(term, row));
    case 'or':
      return filter.terms.some((term) => judgeRow(term, row));
    case 'not':
      return !judgeRow(filter.term, row);
    case 'compare':
      return compareRow(filter, row);
    case 'text': {
      const value = cellOf(filter.path, row);
      return typeof value === 'string' && likePattern(filter.name, filter.value.value).test(value);
    }
    case 'function':
      return judgeFunction(filter, row);
    case 'lambda':
      throw new UnjudgedFilter(`${filter.quantifier} reads other rows`);
  }
}

const comparisons: Readonly<Record<ComparisonOperator, (a: string | number, b: string | number) => boolean>> =
  {
    eq: (a, b) => a === b,
    ne: (a, b) => a !== b,
    gt: (a, b) => a > b,
    ge: (a, b) => a >= b,
    lt: (a, b) => a < b,
    le: (a, b) => a <= b,
  };

function compareRow({ left, right, operator }: Comparison, row: JsonObject): boolean {
  const [a, b] = [operandValue(left, row), operandValue(right, row)];
  // Dataverse's `ne` also matches rows without a value.
  if (a === null || b === null) return operator === 'eq' ? a === b : operator === 'ne' && a !== b;
  const [x, y] = toComparable(a, b);
  return comparisons[operator](x, y);
}

/** Times are compared as times, numbers as numbers, everything else as text. */
function toComparable(
  a: Exclude<Value, null>,
  b: Exclude<Value, null>,
): readonly [string | number, string | number] {
  const times = [a, b].map((value) => (isTime(value) ? Date.parse(String(value)) : Number.NaN));
  if (times.every((time) => !Number.isNaN(time))) return [times[0] ?? 0, times[1] ?? 0];
  if (typeof a === 'number' || typeof b === 'number') return [Number(a), Number(b)];
  return [String(a).toLowerCase(), String(b).toLowerCase()];
}

function isTime(value: Value): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d(T|$)/.test(value);
}

function operandValue(operand: Operand, row: JsonObject): Value {
  return operand.kind === 'path' ? cellOf(operand, row) : literalOf(operand);
}

function literalOf(literal: Literal): Value {
  switch (literal.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return literal.value;
    case 'number':
      return Number(literal.text);
    case 'enum':
      throw new UnjudgedFilter(`${literal.type} is not known`);
    default:
      return literal.text;
  }
}

function cellOf({ segments }: PropertyPath, row: JsonObject): Value {
  const [name = ''] = segments;
  if (segments.length > 1) throw new UnjudgedFilter(`${segments.join('/')} is a column of another row`);
  const value: Json = Object.hasOwn(row, name) ? (row[name] ?? null) : null;
  return isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : (value as Value);
}

/** A pattern of Dataverse, where `%`, `_` and `[...]` are wildcards. */
function likePattern(name: 'contains' | 'startswith' | 'endswith', text: string): RegExp {
  const pattern = text.replace(/\[([^\]]*)\]|[%_]|[\\^$.*+?()[\]{}|/]/g, (found, set: string | undefined) => {
    if (set !== undefined) return `[${set.replace(/[\\^\]]/g, '\\$&')}]`;
    return found === '%' ? '[\\s\\S]*' : found === '_' ? '[\\s\\S]' : `\\${found}`;
  });
  return new RegExp(
    `${name === 'endswith' ? '' : name === 'contains' ? '' : '^'}${pattern}${name === 'endswith' ? '$' : ''}`,
    'i',
  );
}

function judgeFunction({ name, path, values }: QueryFunction, row: JsonObject): boolean {
  const value = cellOf(path, row);
  if (name !== 'In' && name !== 'NotIn') throw new UnjudgedFilter(`${name} is judged by Dataverse alone`);
  const isIn =
    value !== null &&
    values.some((one) => String(literalOf(one)).toLowerCase() === String(value).toLowerCase());
  return isIn === (name === 'In');
}
