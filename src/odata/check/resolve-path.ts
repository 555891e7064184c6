import { joinWithOr } from '../../errors/join-with-or.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import type { PropertyPath } from '../query/ast.ts';
import { toWireName } from '../wire-name.ts';
import { type CheckContext, report, segmentSpan } from './check-context.ts';
import { normalizeName, type TableIndex } from './table-index.ts';

/** Whether a column is suitable where the path is used; of several similar names, a suitable one is suggested. */
export type ColumnPredicate = (column: MetadataColumn) => boolean;

/** The expected end of a path: a suitable column, or a collection (for any() and all()). */
export type ExpectedTarget = ColumnPredicate | 'rows';

/** The end of a path. A `collection` needs any() or all(). */
export type ResolvedPath =
  | { readonly kind: 'column'; readonly column: MetadataColumn; readonly owner: TableIndex }
  | (FollowedNavigation & { readonly kind: 'lookup' })
  | (FollowedNavigation & { readonly kind: 'collection' });

/** One kind of end of a path. */
export type ResolvedPathOf<Kind extends ResolvedPath['kind']> = Extract<
  ResolvedPath,
  { readonly kind: Kind }
>;

interface FollowedNavigation {
  readonly navigation: MetadataNavigation;
  readonly owner: TableIndex;
}

/** The start of a path: the table and the first segment after the variable of a lambda. */
interface PathStart {
  readonly table: TableIndex | undefined;
  readonly index: number;
}

/**
 * Follows a path to a column or navigation property. Undefined if a name does not exist (which is reported), or if a table
 * on the path is not known. The caller checks whether the end is allowed.
 */
export function resolvePath(
  context: CheckContext,
  path: PropertyPath,
  expected: ExpectedTarget = () => true,
): ResolvedPath | undefined {
  let { table, index } = findPathStart(context, path);
  for (; index < path.segments.length - 1; index++) {
    const segment = path.segments[index];
    if (table === undefined || segment === undefined) return undefined;
    if (segment.includes('.')) {
      table = context.schema.table(segment.slice(segment.lastIndexOf('.') + 1));
      continue;
    }
    const navigation: MetadataNavigation | undefined =
      table.navigation(segment) ?? reportUnknownSegment(context, path, { table, index, name: segment });
    if (navigation === undefined) return undefined;
    if (navigation.kind !== 'manyToOne') return { kind: 'collection', navigation, owner: table };
    table = context.schema.table(navigation.target);
  }
  const last = path.segments[index];
  if (table === undefined || last === undefined) return undefined;
  return resolveLast(context, path, { table, index, name: last, expected });
}

function findPathStart(context: CheckContext, path: PropertyPath): PathStart {
  const { variables, table } = context;
  const [first] = path.segments as [string];
  const variable = variables.findLast(({ name }) => name === first);
  if (variable !== undefined) return { table: variable.table, index: 1 };
  const inner = variables.at(-1);
  if (inner === undefined) return { table, index: 0 };
  const span = segmentSpan(context, path, 0);
  report(context, span, {
    code: 'Q115',
    message: `Inside any() and all() a column needs the variable as a prefix.`,
    fix: `Write ${inner.name}/${first}.`,
    edit: { start: span.start, end: span.start, text: `${inner.name}/` },
  });
  return { table: undefined, index: 0 };
}

interface PathStep {
  readonly table: TableIndex;
  readonly index: number;
  /** The segment at the index. */
  readonly name: string;
}

/** Reports a segment that is not a navigation property. The next segment helps to find the intended one. */
function reportUnknownSegment(
  context: CheckContext,
  path: PropertyPath,
  { table, index, name: segment }: PathStep,
): undefined {
  const next = path.segments[index + 1] ?? '';
  const span = segmentSpan(context, path, index);
  const candidates = table.similarNavigations(segment);
  const hasNext = (candidate: MetadataNavigation) => {
    const target = context.schema.table(candidate.target);
    return target !== undefined && (target.columnByWireName(next) ?? target.navigation(next)) !== undefined;
  };
  const single = candidates.filter(({ kind }) => kind === 'manyToOne');
  const [best] = [...single.filter(hasNext), ...candidates.filter(hasNext), ...candidates];
  const column = table.columnByWireName(segment) ?? table.columnByLogicalName(segment);
  // Without a relationship of the lookup, the metadata does not tell its navigation properties.
  if (column?.type === 'lookup' && !table.table.navigations.some((one) => one.column === column.name))
    return undefined;
  const message =
    column === undefined
      ? `The table ${table.table.name} has no navigation property “${segment}”.`
      : `${segment} is a column of ${table.table.name}, not a navigation property.`;
  const names = [...new Set([best, ...single.slice(0, 3)].flatMap((candidate) => candidate?.name ?? []))];
  report(context, span, {
    code: 'Q113',
    message,
    fix: best && `Write ${joinWithOr(names.map((name) => `${name}/${next}`))}.`,
    text: best?.name,
  });
  return undefined;
}

function resolveLast(
  context: CheckContext,
  path: PropertyPath,
  { table, index, name, expected }: PathStep & { readonly expected: ExpectedTarget },
): ResolvedPath | undefined {
  const column = table.columnByWireName(name);
  if (column !== undefined) return { kind: 'column', column, owner: table };
  const navigation = table.navigation(name);
  if (navigation?.kind === 'manyToOne') return { kind: 'lookup', navigation, owner: table };
  if (navigation !== undefined) return { kind: 'collection', navigation, owner: table };
  if (expected === 'rows') reportUnknownCollection(context, path, { table, index, name });
  else reportUnknownColumn(context, path, { table, index, name, isSuitable: expected });
  return undefined;
}

function reportUnknownCollection(
  context: CheckContext,
  path: PropertyPath,
  { table, index, name }: PathStep,
): void {
  const candidates = table.similarNavigations(name).filter(({ kind }) => kind !== 'manyToOne');
  const [best] = candidates;
  report(context, segmentSpan(context, path, index), {
    code: 'Q114',
    message: `The table ${table.table.name} has no collection “${name}”.`,
    fix: best && `Did you mean ${joinWithOr(candidates.slice(0, 3).map((candidate) => candidate.name))}?`,
    text: best?.name,
  });
}

function reportUnknownColumn(
  context: CheckContext,
  path: PropertyPath,
  { table, index, name, isSuitable }: PathStep & { readonly isSuitable: ColumnPredicate },
): void {
  const span = segmentSpan(context, path, index);
  const lookup = table.columnByLogicalName(name);
  if (lookup?.type === 'lookup') {
    const wire = toWireName(lookup);
    report(context, span, {
      code: 'Q112',
      message: `${name} is a lookup: in queries its id is the column ${wire}.`,
      fix: `Write ${wire}.`,
      text: wire,
    });
    return;
  }
  const likely = table.similarColumns(name);
  const best = likely.find(isSuitable) ?? likely[0];
  const isSame = best !== undefined && normalizeName(best.name) === normalizeName(name);
  const others = isSame ? [] : likely.filter((one) => one !== best).slice(0, 2);
  report(context, span, {
    code: 'Q110',
    message: `The table ${table.table.name} has no column “${name}”.`,
    fix: best && `Did you mean ${joinWithOr([best, ...others].map(toWireName))}?`,
    text: best && toWireName(best),
  });
}
