import type { OrderItem, Path } from '../query/ast.ts';
import { type Checking, report, segmentSpan } from './checking.ts';
import { resolvePath } from './names.ts';
import { wireName } from './table-index.ts';

/** Checks the columns of `$select`. */
export function checkSelect(checking: Checking, paths: readonly Path[]): void {
  for (const path of paths) {
    if (path.segments.length === 1) checkSelected(checking, path);
    else reportNested(checking, path);
  }
}

function checkSelected(checking: Checking, path: Path): void {
  const [name] = path.segments as [string];
  if (name === '*') return;
  const found = resolvePath(checking, path);
  if (found?.kind !== 'one' && found?.kind !== 'many') return;
  const column = found.owner.attribute(found.navigation.column ?? '');
  const wire = column && wireName(column);
  // Dataverse accepts the name of a navigation property here, and answers rows without it.
  report(checking, segmentSpan(checking, path, 0), {
    severity: 'warning',
    code: 'Q112',
    message: `${name} is no column: the rows would come without it.`,
    fix: wire === undefined ? `Use $expand=${name}.` : `Write ${wire}, or use $expand=${name}.`,
    text: wire,
  });
}

function reportNested(checking: Checking, path: Path): void {
  const [way, ...rest] = path.segments as [string, ...string[]];
  report(checking, path, {
    code: 'Q116',
    message: '$select takes columns of the table itself.',
    fix: `Use $expand=${way}($select=${rest.join('/')}).`,
  });
}

/** Checks the columns of `$orderby`. */
export function checkOrderBy(checking: Checking, items: readonly OrderItem[]): void {
  for (const { path } of items) {
    const found = resolvePath(checking, path);
    if (found === undefined || (found.kind === 'column' && found.column.type !== 'choices')) continue;
    const name = path.segments.at(-1)!;
    const column = found.kind === 'one' ? found.owner.attribute(found.navigation.column ?? '') : undefined;
    const wire = column && wireName(column);
    report(checking, segmentSpan(checking, path, path.segments.length - 1), {
      code: found.kind === 'one' ? 'Q112' : 'Q116',
      message:
        found.kind === 'one'
          ? `${name} is a lookup: rows are ordered by its id or by a column of its table.`
          : `Rows cannot be ordered by ${name}.`,
      ...(wire === undefined ? {} : { fix: `Write ${wire}, or ${name}/column.` }),
      text: wire,
    });
  }
}
