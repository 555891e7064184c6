import {
  type Comparison,
  type Filter,
  isGuid,
  type Literal,
  type Operand,
} from 'dynamics365-connector/odata';
import type { Model, TableModel } from '../model/types.ts';

/**
 * Reads texts that are compared with ids as ids: `_ownerid_value eq '1f3d0c7a-…'`. OData has no quotes around ids, and
 * organizations refused them for years; Microsoft's client for Python sends them.
 */
export function readQuotedGuids(
  filter: Filter,
  scope: { readonly model: Model; readonly table: TableModel },
): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, terms: filter.terms.map((term) => readQuotedGuids(term, scope)) };
    case 'not':
      return { ...filter, term: readQuotedGuids(filter.term, scope) };
    case 'compare':
      return readComparison(filter, scope);
    default:
      return filter;
  }
}

function readComparison(
  comparison: Comparison,
  { model, table }: { readonly model: Model; readonly table: TableModel },
): Comparison {
  const { operator, left, right } = comparison;
  if (operator !== 'eq' && operator !== 'ne') return comparison;
  const isId = (operand: Operand): boolean =>
    operand.kind === 'path' &&
    operand.segments.length === 1 &&
    isIdProperty(String(operand.segments[0]), { model, table });
  if (isId(left) && right.kind === 'string') return { ...comparison, right: toGuid(right) };
  if (isId(right) && left.kind === 'string') return { ...comparison, left: toGuid(left) };
  return comparison;
}

function isIdProperty(name: string, { model, table }: { readonly model: Model; readonly table: TableModel }) {
  return /^_\w+_value$/.test(name) || model.attribute(table, name)?.type === 'Uniqueidentifier';
}

function toGuid(literal: Extract<Literal, { readonly kind: 'string' }>): Literal {
  if (!isGuid(literal.value)) return literal;
  return { kind: 'guid', text: literal.value.toLowerCase(), start: literal.start, end: literal.end };
}
