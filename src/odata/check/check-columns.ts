import type { OrderItem, PropertyPath } from '../query/ast.ts';
import { toWireName } from '../wire-name.ts';
import { type CheckContext, lastSegment, report, segmentSpan } from './check-context.ts';
import { resolvePath } from './resolve-path.ts';

/** Checks the columns of `$select`. */
export function checkSelect(context: CheckContext, paths: readonly PropertyPath[]): void {
  for (const path of paths) {
    if (path.segments.length === 1) checkSelected(context, path);
    else reportNested(context, path);
  }
}

function checkSelected(context: CheckContext, path: PropertyPath): void {
  const [name] = path.segments as [string];
  if (name === '*') return;
  const found = resolvePath(context, path);
  if (found?.kind !== 'lookup' && found?.kind !== 'collection') return;
  const column = found.owner.columnByLogicalName(found.navigation.column ?? '');
  const wire = column && toWireName(column);
  // Dataverse accepts a navigation property here, but returns the rows without it.
  report(context, segmentSpan(context, path, 0), {
    severity: 'warning',
    code: 'Q112',
    message: `${name} is not a column: Dataverse returns the rows without it.`,
    fix: wire === undefined ? `Use $expand=${name}.` : `Write ${wire}, or use $expand=${name}.`,
    text: wire,
  });
}

function reportNested(context: CheckContext, path: PropertyPath): void {
  const [candidate, ...rest] = path.segments as [string, ...string[]];
  report(context, path, {
    code: 'Q116',
    message: '$select can only contain columns of the table itself.',
    fix: `Use $expand=${candidate}($select=${rest.join('/')}).`,
  });
}

/** Checks the columns of `$orderby`. */
export function checkOrderBy(context: CheckContext, items: readonly OrderItem[]): void {
  for (const { path } of items) {
    const found = resolvePath(context, path);
    if (found === undefined || (found.kind === 'column' && found.column.type !== 'choices')) continue;
    const name = lastSegment(path);
    const column =
      found.kind === 'lookup' ? found.owner.columnByLogicalName(found.navigation.column ?? '') : undefined;
    const wire = column && toWireName(column);
    report(context, segmentSpan(context, path, path.segments.length - 1), {
      code: found.kind === 'lookup' ? 'Q112' : 'Q116',
      message:
        found.kind === 'lookup'
          ? `${name} is a lookup: order by its id or by a column of its table.`
          : `Rows cannot be ordered by ${name}.`,
      fix: wire && `Write ${wire}, or ${name}/column.`,
      text: wire,
    });
  }
}
