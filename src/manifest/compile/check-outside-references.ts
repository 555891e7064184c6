import { findOutsideReferences, type OutsideReference } from '../../odata/query/find-outside-references.ts';
import type { CompileContext } from './compile-context.ts';
import type { FilterClause } from './compile-query.ts';
import { parseClause } from './parse-clause.ts';

const reasons: Readonly<Record<OutsideReference['on'], string>> = {
  'related-rows': 'related rows',
  clock: 'the present time',
};

/**
 * Warns about each part of the `where` of a trigger with which a row can come to match without a change of its own. A
 * trigger that reports new rows only judges a row once.
 */
export function warnOutsideReferences(
  clauses: readonly FilterClause[],
  changes: string | readonly string[] | undefined,
  { tableInfo }: Pick<CompileContext, 'tableInfo'>,
): void {
  if (Array.isArray(changes) && changes.every((change) => change === 'created')) return;
  const keys = new Set([...tableInfo.values()].map(({ key }) => key));
  for (const { text, node } of clauses) {
    const clause = parseClause(text);
    const found = clause === undefined ? [] : findOutsideReferences(clause.filter, keys);
    for (const { on, text: part } of found) {
      const message = `${part} depends on ${reasons[on]}: a row can match later, without a change of the row`;
      node.warning('Q102', message, { text: part, fix: outsideFix });
    }
  }
}

const outsideFix =
  'compare columns of the row itself, or watch a deadline with due; otherwise the row can be reported 15 minutes late, or not before it changes if columns, changedTo or due are watched';
