import { joinWithOr } from '../../errors/join-with-or.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import type { PropertyPath } from '../query/ast.ts';
import { toWireName } from '../wire-name.ts';
import { type CheckContext, report, segmentSpan } from './check-context.ts';
import { normalizeName, type TableIndex } from './table-index.ts';

/** Which of several likely columns is meant, by what it is compared with. */
export type ColumnPredicate = (column: MetadataColumn) => boolean;

/** What a path should end at: a column that fits, or the rows that any() goes through. */
export type ExpectedTarget = ColumnPredicate | 'rows';

/** What a path ends at. `many`: rows that point here, which take any() or all(). */
export type ResolvedPath =
  | { readonly kind: 'column'; readonly column: MetadataColumn; readonly owner: TableIndex }
  | (FollowedNavigation & { readonly kind: 'lookup' })
  | (FollowedNavigation & { readonly kind: 'collection' });

/** One kind of what a path can end at. */
export type ResolvedPathOf<Kind extends ResolvedPath['kind']> = Extract<
  ResolvedPath,
  { readonly kind: Kind }
>;

interface FollowedNavigation {
  readonly navigation: MetadataNavigation;
  readonly owner: TableIndex;
}

/** Where a path begins: the table, or behind the variable of a lambda. */
interface PathStart {
  readonly table: TableIndex | undefined;
  readonly index: number;
}

/**
 * Follows a path to a column or navigation property. Undefined after a fault, and where a table on the way is not
 * known. Whether what it found may stand there is the caller's question.
 */
export function resolvePath(
  context: CheckContext,
  path: PropertyPath,
  wanted: ExpectedTarget = () => true,
): ResolvedPath | undefined {
  let { table, index } = findPathStart(context, path);
  for (; index < path.segments.length - 1; index++) {
    const segment = path.segments[index]!;
    if (table === undefined) return undefined;
    if (segment.includes('.')) {
      table = context.schema.table(segment.split('.').at(-1)!);
      continue;
    }
    const navigation: MetadataNavigation | undefined =
      table.navigation(segment) ?? reportUnknownSegment(context, path, { table, index });
    if (navigation === undefined) return undefined;
    if (navigation.kind !== 'manyToOne') return { kind: 'collection', navigation, owner: table };
    table = context.schema.table(navigation.target);
  }
  const last = path.segments[index];
  if (table === undefined || last === undefined) return undefined;
  return resolveLast(context, path, { table, index, wanted });
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
    message: `Inside any() and all() a column needs its variable before it.`,
    fix: `Write ${inner.name}/${first}.`,
    edit: { start: span.start, end: span.start, text: `${inner.name}/` },
  });
  return { table: undefined, index: 0 };
}

interface PathStep {
  readonly table: TableIndex;
  readonly index: number;
}

/** A segment that leads nowhere: what stands after it tells which way was meant. */
function reportUnknownSegment(
  context: CheckContext,
  path: PropertyPath,
  { table, index }: PathStep,
): undefined {
  const segment = path.segments[index]!;
  const next = path.segments[index + 1]!;
  const span = segmentSpan(context, path, index);
  const candidates = table.similarNavigations(segment);
  const leads = (candidate: MetadataNavigation) => {
    const target = context.schema.table(candidate.target);
    return target !== undefined && (target.columnByWireName(next) ?? target.navigation(next)) !== undefined;
  };
  const single = candidates.filter(({ kind }) => kind === 'manyToOne');
  const [best] = [...single.filter(leads), ...candidates.filter(leads), ...candidates];
  const column = table.columnByWireName(segment) ?? table.columnByLogicalName(segment);
  const message =
    column === undefined
      ? `The table ${table.table.name} has no navigation property “${segment}”.`
      : `${segment} is a column of ${table.table.name}, not a way to another table.`;
  const names = [...new Set([...(best ? [best.name] : []), ...single.slice(0, 3).map(({ name }) => name)])];
  report(context, span, {
    code: 'Q113',
    message,
    ...(best === undefined ? {} : { fix: `Write ${joinWithOr(names.map((name) => `${name}/${next}`))}.` }),
    text: best?.name,
  });
  return undefined;
}

function resolveLast(
  context: CheckContext,
  path: PropertyPath,
  { table, index, wanted }: PathStep & { readonly wanted: ExpectedTarget },
): ResolvedPath | undefined {
  const name = path.segments[index]!;
  const column = table.columnByWireName(name);
  if (column !== undefined) return { kind: 'column', column, owner: table };
  const navigation = table.navigation(name);
  if (navigation?.kind === 'manyToOne') return { kind: 'lookup', navigation, owner: table };
  if (navigation !== undefined) return { kind: 'collection', navigation, owner: table };
  if (wanted === 'rows') reportUnknownCollection(context, path, { table, index });
  else reportUnknownColumn(context, path, { table, index, fits: wanted });
  return undefined;
}

function reportUnknownCollection(
  context: CheckContext,
  path: PropertyPath,
  { table, index }: PathStep,
): void {
  const name = path.segments[index]!;
  const candidates = table.similarNavigations(name).filter(({ kind }) => kind !== 'manyToOne');
  const [best] = candidates;
  report(context, segmentSpan(context, path, index), {
    code: 'Q114',
    message: `The table ${table.table.name} has no collection “${name}”.`,
    ...(best && {
      fix: `Did you mean ${joinWithOr(candidates.slice(0, 3).map((candidate) => candidate.name))}?`,
    }),
    text: best?.name,
  });
}

function reportUnknownColumn(
  context: CheckContext,
  path: PropertyPath,
  { table, index, fits }: PathStep & { readonly fits: ColumnPredicate },
): void {
  const name = path.segments[index]!;
  const span = segmentSpan(context, path, index);
  const lookup = table.columnByLogicalName(name);
  if (lookup?.type === 'lookup') {
    const wire = toWireName(lookup);
    report(context, span, {
      code: 'Q112',
      message: `${name} is a lookup: in queries its id stands under ${wire}.`,
      fix: `Write ${wire}.`,
      text: wire,
    });
    return;
  }
  const likely = table.similarColumns(name);
  const best = likely.find(fits) ?? likely[0];
  const isSame = best !== undefined && normalizeName(best.name) === normalizeName(name);
  const others = isSame ? [] : likely.filter((one) => one !== best).slice(0, 2);
  report(context, span, {
    code: 'Q110',
    message: `The table ${table.table.name} has no column “${name}”.`,
    ...(best === undefined
      ? {}
      : { fix: `Did you mean ${joinWithOr([best, ...others].map(toWireName))}?`, text: toWireName(best) }),
  });
}
