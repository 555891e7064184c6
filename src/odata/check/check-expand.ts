import { joinWithOr } from '../../errors/join-with-or.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import { maxExpands } from '../limits.ts';
import type { ExpandItem } from '../query/ast.ts';
import { toLogicalName, toWireName } from '../wire-name.ts';
import { checkOrderBy, checkSelect } from './check-columns.ts';
import { type CheckContext, report, segmentSpan } from './check-context.ts';
import { checkFilter } from './check-filter.ts';
import type { TableIndex } from './table-index.ts';

/** Checks the navigation properties of `$expand` and the options inside. */
export function checkExpand(context: CheckContext, items: readonly ExpandItem[]): void {
  const all = countExpands(items);
  const last = items.at(-1);
  if (last !== undefined && all > maxExpands) {
    report(context, last, {
      code: 'Q142',
      message: `There are ${all} expands; Dataverse accepts ${maxExpands}.`,
      fix: 'Read the others in a separate query.',
    });
  }
  for (const item of items) checkExpandItem(context, item, 0);
  checkCombination(
    context,
    items,
    items.some(({ expand = [] }) => expand.length > 0),
  );
}

/**
 * Checks what cannot be expanded together: many-to-many relationships with others, and with nested expands an order or
 * a limit. https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
function checkCombination(context: CheckContext, items: readonly ExpandItem[], isNested: boolean): void {
  const navigationOf = ({ path }: ExpandItem) => context.table?.navigation(path.segments[0] ?? '');
  const manyToMany = items.filter((item) => navigationOf(item)?.kind === 'manyToMany');
  const [mixed] = manyToMany.filter(
    ({ expand = [] }) => expand.length > 0 || manyToMany.length < items.length,
  );
  if (mixed !== undefined)
    report(context, mixed, {
      code: 'Q143',
      message: `${mixed.path.segments[0]} is a many-to-many relationship, which cannot be expanded together with others.`,
      fix: 'Read it in a separate query.',
    });
  for (const item of items) {
    const isLookup = navigationOf(item)?.kind === 'manyToOne';
    if ((item.top !== undefined || item.orderby !== undefined) && (isNested || isLookup))
      report(context, item, {
        code: 'Q141',
        message: `$top and $orderby are not supported ${isLookup ? 'when a lookup is expanded' : 'with nested expands'}.`,
        fix: 'Write only $select and $filter.',
      });
    const target = navigationOf(item)?.target;
    const inner = { ...context, table: target === undefined ? undefined : context.schema.table(target) };
    checkCombination(inner, item.expand ?? [], isNested);
  }
}

function countExpands(items: readonly ExpandItem[]): number {
  return items.reduce((count, { expand = [] }) => count + 1 + countExpands(expand), 0);
}

function checkExpandItem(context: CheckContext, item: ExpandItem, depth: number): void {
  const { path, ref } = item;
  const [name] = path.segments as [string];
  const { table } = context;
  if (table === undefined) return;
  const navigation = table.navigation(name);
  if (navigation === undefined) {
    reportUnknown(context, item, table);
    return;
  }
  if (ref && navigation.kind !== 'manyToOne') {
    const end = item.end;
    const start = end - '/$ref'.length;
    report(
      context,
      { start, end },
      {
        code: 'Q141',
        message: '/$ref is only for lookups, not for collections.',
        fix: `Write ${name}($select=…).`,
        text: '',
      },
    );
  }
  if (navigation.kind === 'manyToMany' && depth > 0) {
    report(context, path, {
      code: 'Q143',
      message: `${name} is a many-to-many relationship, which cannot be expanded inside another expand.`,
      fix: 'Read it in a separate query.',
    });
  }
  checkNestedOptions(context, item, { navigation, depth });
}

function checkNestedOptions(
  context: CheckContext,
  item: ExpandItem,
  { navigation, depth }: { readonly navigation: MetadataNavigation; readonly depth: number },
): void {
  const cast = item.path.segments.slice(1).findLast((segment) => segment.includes('.'));
  const target = cast?.split('.').at(-1) ?? navigation.target;
  const inner = { ...context, table: context.schema.table(target) };
  if (item.select) checkSelect(inner, item.select);
  if (item.filter) checkFilter(inner, item.filter);
  if (item.orderby) checkOrderBy(inner, item.orderby);
  for (const below of item.expand ?? []) checkExpandItem(inner, below, depth + 1);
}

function reportUnknown(context: CheckContext, item: ExpandItem, table: TableIndex): void {
  const { path } = item;
  const [name] = path.segments as [string];
  const span = segmentSpan(context, path, 0);
  const column = table.columnByWireName(name);
  if (column !== undefined && column.type !== 'lookup') {
    reportColumn(context, item, column);
    return;
  }
  const candidates = table.similarNavigations(name);
  const selected = selectedColumns(item);
  const hasSelected = ({ target }: MetadataNavigation) => {
    const index = context.schema.table(target);
    return (
      index !== undefined && selected.every((wire) => index.columnByWireName(wire) ?? index.navigation(wire))
    );
  };
  const best = candidates.find(hasSelected) ?? candidates[0];
  const lookup = table.columnByLogicalName(toLogicalName(name));
  const names = [
    ...new Set([best, ...candidates.filter(({ column }) => column === best?.column)].filter((one) => !!one)),
  ];
  report(context, span, {
    code: lookup?.type === 'lookup' ? 'Q113' : 'Q140',
    message:
      lookup?.type === 'lookup'
        ? `${name} refers to several tables, each with its own navigation property.`
        : `The table ${table.table.name} has no navigation property “${name}”.`,
    fix: best && `Write ${joinWithOr(names.slice(0, 3).map((candidate) => candidate.name))}.`,
    text: best?.name,
  });
}

function selectedColumns({ select = [] }: ExpandItem): readonly string[] {
  return select.flatMap(({ segments }) => (segments.length === 1 && segments[0] !== '*' ? segments : []));
}

function reportColumn(context: CheckContext, item: ExpandItem, column: MetadataColumn): void {
  report(context, item, {
    code: 'Q140',
    message: `${column.name} is a column; only lookups and collections can be expanded.`,
    fix: `Write $select=${toWireName(column)}.`,
  });
}
