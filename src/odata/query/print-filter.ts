import { quoteString } from '../quote-string.ts';
import type { Filter, Literal, Operand, QueryFunction } from './ast.ts';
import { crmNamespace, queryFunctions } from './query-functions.ts';

/** Writes a condition as `$filter` text, not percent-encoded. Parsing it again gives the same tree. */
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

/** Parentheses only where they carry meaning: a chain in a chain, except an `and` under an `or`. */
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
  const given = queryFunctions[name]!.map((parameter, index) => {
    const text =
      parameter === 'PropertyValues'
        ? `[${values.map(printListItem).join(',')}]`
        : printOperand(values[index]!);
    return `,${parameter}=${text}`;
  });
  return `${on.join('')}${crmNamespace}${name}(PropertyName='${path.segments.at(-1)}'${given.join('')})`;
}

/** A list is JSON: strings stand in double quotes. */
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
