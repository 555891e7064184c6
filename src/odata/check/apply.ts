import type { AggregateItem, ApplyStep } from '../query/ast.ts';
import { type Checking, report } from './checking.ts';
import { checkFilter } from './filter.ts';
import { resolvePath } from './names.ts';

const addable = new Set(['integer', 'bigint', 'decimal']);

/** Checks the steps of `$apply`: the columns, and that only numbers are added up. */
export function checkApply(checking: Checking, steps: readonly ApplyStep[]): void {
  for (const step of steps) {
    if (step.kind === 'filter') checkFilter(checking, step.filter);
    if (step.kind === 'aggregate') checkAggregate(checking, step.items);
    if (step.kind === 'groupby') {
      for (const path of step.paths) {
        const found = resolvePath(checking, path);
        if (found !== undefined && found.kind !== 'column') {
          report(checking, path, {
            code: 'Q150',
            message: 'Rows are grouped by columns.',
            fix: 'Write the column of the lookup: _name_value.',
          });
        }
      }
      checkAggregate(checking, step.aggregate ?? []);
    }
  }
}

function checkAggregate(checking: Checking, items: readonly AggregateItem[]): void {
  for (const item of items) {
    if (checking.table?.column(item.as) !== undefined) {
      report(checking, item, {
        code: 'Q151',
        message: `“${item.as}” is the name of a column; a total needs a name of its own.`,
        fix: `Write as total_${item.as}.`,
      });
    }
    if (item.method === 'count') continue;
    const adds = item.method === 'sum' || item.method === 'average';
    const found = resolvePath(checking, item.path, ({ type }) => !adds || addable.has(type));
    if (found?.kind === 'column' && adds && !addable.has(found.column.type)) {
      const message = `${item.method} adds up numbers; ${found.column.name} is of type ${found.column.type}.`;
      report(checking, item.path, {
        code: 'Q150',
        message,
        fix: 'Use countdistinct, min or max, or $count.',
      });
    }
  }
}
