import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import type { Path } from '../query/ast.ts';
import { type Checking, either, report, segmentSpan } from './checking.ts';
import { fold, type TableIndex, wireName } from './table-index.ts';

/** Which of several likely columns is meant, by what it is compared with. */
export type Fits = (column: MetadataColumn) => boolean;

/** What a path should end at: a column that fits, or the rows that any() goes through. */
export type Wanted = Fits | 'rows';

/** What a path ends at. `many`: rows that point here, which take any() or all(). */
export type Resolved =
  | { readonly kind: 'column'; readonly column: MetadataColumn; readonly owner: TableIndex }
  | (Follow & { readonly kind: 'one' })
  | (Follow & { readonly kind: 'many' });

/** One kind of what a path can end at. */
export type Found<Kind extends Resolved['kind']> = Extract<Resolved, { readonly kind: Kind }>;

interface Follow {
  readonly navigation: MetadataNavigation;
  readonly owner: TableIndex;
}

/** Where a path begins: the table, or behind the variable of a lambda. */
interface Start {
  readonly table: TableIndex | undefined;
  readonly index: number;
}

/**
 * Follows a path to a column or navigation property. Undefined after a fault, and where a table on the way is not
 * known. Whether what it found may stand there is the caller's question.
 */
export function resolvePath(
  checking: Checking,
  path: Path,
  wanted: Wanted = () => true,
): Resolved | undefined {
  let { table, index } = startOf(checking, path);
  for (; index < path.segments.length - 1; index++) {
    const segment = path.segments[index]!;
    if (table === undefined) return undefined;
    if (segment.includes('.')) {
      table = checking.schema.table(segment.split('.').at(-1)!);
      continue;
    }
    const navigation: MetadataNavigation | undefined =
      table.navigation(segment) ?? reportStep(checking, path, { table, index });
    if (navigation === undefined) return undefined;
    if (navigation.kind !== 'one') return { kind: 'many', navigation, owner: table };
    table = checking.schema.table(navigation.target);
  }
  const last = path.segments[index];
  if (table === undefined || last === undefined) return undefined;
  return resolveLast(checking, path, { table, index, wanted });
}

function startOf(checking: Checking, path: Path): Start {
  const { variables, table } = checking;
  const [first] = path.segments as [string];
  const variable = variables.findLast(({ name }) => name === first);
  if (variable !== undefined) return { table: variable.table, index: 1 };
  const inner = variables.at(-1);
  if (inner === undefined) return { table, index: 0 };
  const span = segmentSpan(checking, path, 0);
  report(checking, span, {
    code: 'Q115',
    message: `Inside any() and all() a column needs its variable before it.`,
    fix: `Write ${inner.name}/${first}.`,
    edit: { start: span.start, end: span.start, text: `${inner.name}/` },
  });
  return { table: undefined, index: 0 };
}

interface At {
  readonly table: TableIndex;
  readonly index: number;
}

/** A segment that leads nowhere: what stands after it tells which way was meant. */
function reportStep(checking: Checking, path: Path, { table, index }: At): undefined {
  const segment = path.segments[index]!;
  const next = path.segments[index + 1]!;
  const span = segmentSpan(checking, path, index);
  const ways = table.navigationsLike(segment);
  const leads = (way: MetadataNavigation) => {
    const target = checking.schema.table(way.target);
    return target !== undefined && (target.column(next) ?? target.navigation(next)) !== undefined;
  };
  const single = ways.filter(({ kind }) => kind === 'one');
  const [best] = [...single.filter(leads), ...ways.filter(leads), ...ways];
  const column = table.column(segment) ?? table.attribute(segment);
  const message =
    column === undefined
      ? `The table ${table.table.name} has no navigation property “${segment}”.`
      : `${segment} is a column of ${table.table.name}, not a way to another table.`;
  const names = [...new Set([...(best ? [best.name] : []), ...single.slice(0, 3).map(({ name }) => name)])];
  report(checking, span, {
    code: 'Q113',
    message,
    ...(best === undefined ? {} : { fix: `Write ${either(names.map((name) => `${name}/${next}`))}.` }),
    text: best?.name,
  });
  return undefined;
}

function resolveLast(
  checking: Checking,
  path: Path,
  { table, index, wanted }: At & { readonly wanted: Wanted },
): Resolved | undefined {
  const name = path.segments[index]!;
  const column = table.column(name);
  if (column !== undefined) return { kind: 'column', column, owner: table };
  const navigation = table.navigation(name);
  if (navigation?.kind === 'one') return { kind: 'one', navigation, owner: table };
  if (navigation !== undefined) return { kind: 'many', navigation, owner: table };
  if (wanted === 'rows') reportRows(checking, path, { table, index });
  else reportColumn(checking, path, { table, index, fits: wanted });
  return undefined;
}

function reportRows(checking: Checking, path: Path, { table, index }: At): void {
  const name = path.segments[index]!;
  const ways = table.navigationsLike(name).filter(({ kind }) => kind !== 'one');
  const [best] = ways;
  report(checking, segmentSpan(checking, path, index), {
    code: 'Q114',
    message: `The table ${table.table.name} has no collection “${name}”.`,
    ...(best && { fix: `Did you mean ${either(ways.slice(0, 3).map((way) => way.name))}?` }),
    text: best?.name,
  });
}

function reportColumn(
  checking: Checking,
  path: Path,
  { table, index, fits }: At & { readonly fits: Fits },
): void {
  const name = path.segments[index]!;
  const span = segmentSpan(checking, path, index);
  const lookup = table.attribute(name);
  if (lookup?.type === 'lookup') {
    const wire = wireName(lookup);
    report(checking, span, {
      code: 'Q112',
      message: `${name} is a lookup: in queries its id stands under ${wire}.`,
      fix: `Write ${wire}.`,
      text: wire,
    });
    return;
  }
  const likely = table.columnsLike(name);
  const best = likely.find(fits) ?? likely[0];
  const isSame = best !== undefined && fold(best.name) === fold(name);
  const others = isSame ? [] : likely.filter((one) => one !== best).slice(0, 2);
  report(checking, span, {
    code: 'Q110',
    message: `The table ${table.table.name} has no column “${name}”.`,
    ...(best === undefined
      ? {}
      : { fix: `Did you mean ${either([best, ...others].map(wireName))}?`, text: wireName(best) }),
  });
}
