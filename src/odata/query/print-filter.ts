import { quoteString } from '../quote-string.ts';
import type { Filter, Literal, Operand, QueryFunction } from './ast.ts';
import { crmNamespace, queryFunctions } from './query-functions.ts';

/** Writes a condition as `$filter` text, without percent-encoding. Parsing the text gives the same tree. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.map((term) => printTerm(term, filter.kind)).join(` ${filter.kind} `);
    case 'not':
      return `not ${isChain(filter.term) || filter.term.kind === 'compare' ? grouped(filter.term) : printFilter(filter.term)}`;
    case 'compare':
      return `${printOperand(filter.left)} ${filter.operator} ${printOperand(filter.right)}`;
    case 'text':
      return `${filter.name}(${printOperand(filter.path)},${printOperand(filter.value)})`;
    case 'lambda': {
      const body = filter.body === undefined ? '' : `${filter.variable}:${printFilter(filter.body)}`;
      return `${printOperand(filter.path)}/${filter.quantifier}(${body})`;
    }
    case 'function':
      return printFunction(filter);
  }
}

/** Writes a term of a chain. Only another chain needs parentheses, except for an `and` in an `or`. */
function printTerm(term: Filter, within: 'and' | 'or'): string {
  const plain = !isChain(term) || (within === 'or' && term.kind === 'and');
  return plain ? printFilter(term) : grouped(term);
}

function isChain({ kind }: Filter): boolean {
  return kind === 'and' || kind === 'or';
}

function grouped(filter: Filter): string {
  return `(${printFilter(filter)})`;
}

function printFunction({ name, path, values }: QueryFunction): string {
  const on = path.segments.slice(0, -1).map((segment) => `${segment}/`);
  const parameters = queryFunctions[name] ?? [];
  const given =
    parameters[0] === 'PropertyValues'
      ? [`,PropertyValues=[${values.map(printListItem).join(',')}]`]
      : values.map((value, index) => `,${parameters[index]}=${printOperand(value)}`);
  return `${on.join('')}${crmNamespace}${name}(PropertyName='${path.segments.at(-1)}'${given.join('')})`;
}

/** A list is JSON: strings have double quotes. */
function printListItem(literal: Literal): string {
  return literal.kind === 'string' ? JSON.stringify(literal.value) : printOperand(literal);
}

function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'path':
      return operand.segments.join('/');
    case 'null':
      return 'null';
    case 'boolean':
      return String(operand.value);
    case 'string':
      return quoteString(operand.value);
    case 'enum':
      return `${operand.type}${quoteString(operand.member)}`;
    default:
      return operand.text;
  }
}
