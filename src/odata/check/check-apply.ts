import type { AggregateItem, ApplyStep, PropertyPath } from '../query/ast.ts';
import { type CheckContext, report } from './check-context.ts';
import { checkFilter } from './check-filter.ts';
import { resolvePath } from './resolve-path.ts';

const numericTypes = new Set(['integer', 'bigint', 'decimal']);

/** Checks the steps of `$apply`: their columns, and that sums and averages are of numbers. */
export function checkApply(context: CheckContext, steps: readonly ApplyStep[]): void {
  for (const step of steps) {
    if (step.kind === 'filter') checkFilter(context, step.filter);
    if (step.kind === 'aggregate') checkAggregate(context, step.items);
    if (step.kind === 'groupby') {
      for (const path of step.paths) checkGroupColumn(context, path);
      checkAggregate(context, step.aggregate ?? []);
    }
  }
}

function checkGroupColumn(context: CheckContext, path: PropertyPath): void {
  const found = resolvePath(context, path);
  if (found === undefined) return;
  if (found.kind === 'column') {
    if (found.column.type === 'date-time') reportGroupByTime(context, path, found.column.name);
    return;
  }
  report(context, path, {
    code: 'Q150',
    message: 'Rows can only be grouped by columns.',
    fix: 'Write the column of the lookup: _name_value.',
  });
}

function reportGroupByTime(context: CheckContext, path: PropertyPath, name: string): void {
  report(context, path, {
    code: 'Q150',
    message: `Rows cannot be grouped by the date-time ${name}.`,
    fix: 'Use FetchXML with dategrouping.',
  });
}

function checkAggregate(context: CheckContext, items: readonly AggregateItem[]): void {
  const names = new Set<string>();
  for (const item of items) {
    if (names.has(item.as)) {
      const message = `Two totals have the name “${item.as}”.`;
      report(context, item, { code: 'Q151', message, fix: 'Write another name.' });
    }
    names.add(item.as);
    if (context.table?.columnByWireName(item.as) !== undefined) {
      report(context, item, {
        code: 'Q151',
        message: `“${item.as}” is the name of a column; a total needs another name.`,
        fix: `Write as total_${item.as}.`,
      });
    }
    if (item.method === 'count') continue;
    const needsNumber = item.method === 'sum' || item.method === 'average';
    const found = resolvePath(context, item.path, ({ type }) => !needsNumber || numericTypes.has(type));
    if (found?.kind === 'column' && needsNumber && !numericTypes.has(found.column.type)) {
      const message = `${item.method} needs a number, but ${found.column.name} is of type ${found.column.type}.`;
      report(context, item.path, {
        code: 'Q150',
        message,
        fix: 'Use countdistinct, min or max, or $count.',
      });
    }
  }
}
