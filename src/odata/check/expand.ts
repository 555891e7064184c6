import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import type { ExpandItem } from '../query/ast.ts';
import { type Checking, either, report, segmentSpan } from './checking.ts';
import { checkOrderBy, checkSelect } from './columns.ts';
import { checkFilter } from './filter.ts';
import { type TableIndex, wireName } from './table-index.ts';

/** Dataverse takes no more of them in one query, those inside others included. */
const maxExpands = 15;

/** Checks the navigation properties of `$expand` and the options inside. */
export function checkExpand(checking: Checking, items: readonly ExpandItem[]): void {
  const all = countExpands(items);
  if (all > maxExpands) {
    const over = items.at(-1)!;
    report(checking, over, {
      code: 'Q142',
      message: `There are ${all} expands; Dataverse takes ${maxExpands}.`,
      fix: 'Read the rest in a query of their own.',
    });
  }
  for (const item of items) checkItem(checking, item, 0);
}

function countExpands(items: readonly ExpandItem[]): number {
  return items.reduce((count, { expand = [] }) => count + 1 + countExpands(expand), 0);
}

function checkItem(checking: Checking, item: ExpandItem, depth: number): void {
  const { path, ref } = item;
  const [name] = path.segments as [string];
  const { table } = checking;
  if (table === undefined) return;
  const navigation = table.navigation(name);
  if (navigation === undefined) {
    reportUnknown(checking, item, table);
    return;
  }
  if (ref && navigation.kind !== 'one') {
    const end = item.end;
    const start = end - '/$ref'.length;
    report(
      checking,
      { start, end },
      {
        code: 'Q141',
        message: '/$ref is for lookups; this leads to many rows.',
        fix: `Write ${name}($select=…).`,
        text: '',
      },
    );
  }
  if (navigation.kind === 'pairs' && depth > 0) {
    report(checking, path, {
      code: 'Q143',
      message: `${name} is many-to-many, which cannot be expanded inside another expand.`,
      fix: 'Read it in a query of its own.',
    });
  }
  checkInside(checking, item, { navigation, depth });
}

function checkInside(
  checking: Checking,
  item: ExpandItem,
  { navigation, depth }: { readonly navigation: MetadataNavigation; readonly depth: number },
): void {
  const cast = item.path.segments.slice(1).findLast((segment) => segment.includes('.'));
  const target = cast?.split('.').at(-1) ?? navigation.target;
  const inner = { ...checking, table: checking.schema.table(target) };
  if (item.select) checkSelect(inner, item.select);
  if (item.filter) checkFilter(inner, item.filter);
  if (item.orderby) checkOrderBy(inner, item.orderby);
  for (const below of item.expand ?? []) checkItem(inner, below, depth + 1);
}

function reportUnknown(checking: Checking, item: ExpandItem, table: TableIndex): void {
  const { path } = item;
  const [name] = path.segments as [string];
  const span = segmentSpan(checking, path, 0);
  const column = table.column(name);
  if (column !== undefined && column.type !== 'lookup') {
    reportColumn(checking, item, column);
    return;
  }
  const ways = table.navigationsLike(name);
  const wanted = wantedColumns(item);
  const has = ({ target }: MetadataNavigation) => {
    const index = checking.schema.table(target);
    return index !== undefined && wanted.every((wire) => index.column(wire) ?? index.navigation(wire));
  };
  const best = ways.find(has) ?? ways[0];
  const lookup = table.attribute(name.replace(/^_(.*)_value$/, '$1'));
  const names = [
    ...new Set([...(best ? [best] : []), ...ways.filter(({ column }) => column === best?.column)]),
  ];
  report(checking, span, {
    code: lookup?.type === 'lookup' ? 'Q113' : 'Q140',
    message:
      lookup?.type === 'lookup'
        ? `${name} points at several tables: each has a navigation property of its own.`
        : `The table ${table.table.name} has no navigation property “${name}”.`,
    ...(best === undefined ? {} : { fix: `Write ${either(names.slice(0, 3).map((way) => way.name))}.` }),
    text: best?.name,
  });
}

function wantedColumns({ select = [] }: ExpandItem): readonly string[] {
  return select.flatMap(({ segments }) => (segments.length === 1 && segments[0] !== '*' ? segments : []));
}

function reportColumn(checking: Checking, item: ExpandItem, column: MetadataColumn): void {
  report(checking, item, {
    code: 'Q140',
    message: `${column.name} is a plain column; only lookups and collections can be expanded.`,
    fix: `Write $select=${wireName(column)}.`,
  });
}
