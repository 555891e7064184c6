import { joinWithOr } from '../../errors/join-with-or.ts';
import { isGuidOrBracedGuid } from '../../model/guid.ts';
import type { MetadataNavigation } from '../../model/metadata.ts';
import type { Span } from '../../model/span.ts';
import type { Literal, PropertyPath } from '../query/ast.ts';
import { toWireName } from '../wire-name.ts';
import { type CheckContext, lastSegment, report, segmentSpan } from './check-context.ts';
import type { ResolvedPathOf } from './resolve-path.ts';

/** Reports a collection that is compared without any() or all(). */
export function reportCollectionComparison(
  context: CheckContext,
  whole: Span,
  { path, navigation }: { readonly path: PropertyPath; readonly navigation: MetadataNavigation },
): void {
  const index = path.segments.indexOf(navigation.name);
  const rest = path.segments.slice(index + 1).join('/');
  const before = path.segments.slice(0, index + 1).join('/');
  const { text } = context;
  const inner = `${text.slice(whole.start, path.start)}o/${rest}${text.slice(path.end, whole.end)}`;
  const code = 'Q114';
  const message = `${navigation.name} is a collection: use any() or all().`;
  if (rest === '') report(context, path, { code, message, fix: `Write ${before}/any(o:o/column eq …).` });
  else {
    const edit = { start: whole.start, end: whole.end, text: `${before}/any(o:${inner})` };
    report(context, path, { code, message, fix: `Write ${edit.text}.`, edit });
  }
}

/** Reports a navigation property that is compared: `primarycontactid eq …`. Its id is compared instead. */
export function reportLookupComparison(
  context: CheckContext,
  path: PropertyPath,
  { literal, found }: { readonly literal: Literal; readonly found: ResolvedPathOf<'lookup'> },
): void {
  const { navigation, owner } = found;
  if (literal.kind === 'string' && !isGuidOrBracedGuid(literal.value)) {
    reportLookupByName(context, path, found);
    return;
  }
  const column = owner.columnByLogicalName(navigation.column ?? '');
  const wire = column && toWireName(column);
  report(context, segmentSpan(context, path, path.segments.length - 1), {
    code: 'Q112',
    message: `${navigation.name} is a lookup: in queries its id is ${wire === undefined ? 'another column' : `the column ${wire}`}.`,
    fix: wire && `Write ${wire}.`,
    text: wire,
  });
}

/** Reports a lookup that is compared with a name, which is a column of the lookup's table. */
export function reportLookupByName(
  context: CheckContext,
  path: PropertyPath,
  found: ResolvedPathOf<'column' | 'lookup'>,
): void {
  const { owner } = found;
  const lookup = found.kind === 'lookup' ? found.navigation.column : found.column.name;
  const candidates =
    found.kind === 'lookup'
      ? [found.navigation]
      : owner.table.navigations.filter(({ column }) => column === lookup);
  const named = candidates.flatMap((candidate) => {
    const name = context.schema.table(candidate.target)?.table.primaryName;
    return name === undefined ? [] : [`${candidate.name}/${name}`];
  });
  report(context, segmentSpan(context, path, path.segments.length - 1), {
    code: 'Q112',
    message: `${lookup ?? lastSegment(path)} is a lookup and is compared with an id; the name is a column of its table.`,
    fix: named.length === 0 ? undefined : `Write ${joinWithOr(named.slice(0, 3))}.`,
    text: named[0],
  });
}
