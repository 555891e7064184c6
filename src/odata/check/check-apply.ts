import type { AggregateItem, ApplyStep } from '../query/ast.ts';
import { type CheckContext, report } from './check-context.ts';
import { checkFilter } from './check-filter.ts';
import { resolvePath } from './resolve-path.ts';

const numericTypes = new Set(['integer', 'bigint', 'decimal']);

/** Checks the steps of `$apply`: the columns, and that only numbers are added up. */
export function checkApply(context: CheckContext, steps: readonly ApplyStep[]): void {
  for (const step of steps) {
    if (step.kind === 'filter') checkFilter(context, step.filter);
    if (step.kind === 'aggregate') checkAggregate(context, step.items);
    if (step.kind === 'groupby') {
      for (const path of step.paths) {
        const found = resolvePath(context, path);
        if (found !== undefined && found.kind !== 'column') {
          report(context, path, {
            code: 'Q150',
            message: 'Rows are grouped by columns.',
            fix: 'Write the column of the lookup: _name_value.',
          });
        }
      }
      checkAggregate(context, step.aggregate ?? []);
    }
  }
}

function checkAggregate(context: CheckContext, items: readonly AggregateItem[]): void {
  for (const item of items) {
    if (context.table?.columnByWireName(item.as) !== undefined) {
      report(context, item, {
        code: 'Q151',
        message: `“${item.as}” is the name of a column; a total needs a name of its own.`,
        fix: `Write as total_${item.as}.`,
      });
    }
    if (item.method === 'count') continue;
    const adds = item.method === 'sum' || item.method === 'average';
    const found = resolvePath(context, item.path, ({ type }) => !adds || numericTypes.has(type));
    if (found?.kind === 'column' && adds && !numericTypes.has(found.column.type)) {
      const message = `${item.method} adds up numbers; ${found.column.name} is of type ${found.column.type}.`;
      report(context, item.path, {
        code: 'Q150',
        message,
        fix: 'Use countdistinct, min or max, or $count.',
      });
    }
  }
}
