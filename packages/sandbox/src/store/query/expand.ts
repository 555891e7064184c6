import { type ExpandItem, maxPageSize } from 'dynamics365-connector/odata';
import type { Attribute, Model, Navigation, TableModel } from '../../model/types.ts';
import { quoteIdentifier, type SqlRow } from '../database.ts';
import { referenceId } from '../entity-reference.ts';
import { invalidQuery, propertyNotFound } from '../errors.ts';
import { requireTable } from '../require-table.ts';
import type { StoredRow } from '../types.ts';
import { QueryCompilation, type QueryContext } from './compilation.ts';
import { filterSql } from './filter.ts';
import { createOrderKeys, orderBySql } from './order.ts';
import { planRead, selectAttributes, toStoredRow } from './read-rows.ts';
import { TableScope } from './scope.ts';

function findExpandNavigation(model: Model, table: TableModel, item: ExpandItem): Navigation {
  const [name = ''] = item.path.segments;
  const navigation = model.navigation(table, name);
  if (!navigation) throw propertyNotFound(name, table);
  if (item.ref && navigation.kind !== 'lookup') {
    throw invalidQuery('Expand with $ref is only supported on lookup type navigation property.');
  }
  return navigation;
}

/** The lookups that must be read to expand these items. */
export const lookupAttributes = (
  model: Model,
  table: TableModel,
  items: readonly ExpandItem[],
): Attribute[] =>
  items.flatMap((item) => {
    const navigation = findExpandNavigation(model, table, item);
    return navigation.kind === 'lookup' ? [navigation.attribute] : [];
  });

/** Adds the expanded rows to each row, with one query per item. */
export function expandRows(
  rows: readonly StoredRow[],
  { table, items }: { readonly table: TableModel; readonly items: readonly ExpandItem[] },
  context: QueryContext,
): readonly StoredRow[] {
  for (const item of items) checkExpandItem(item, table, context);
  const expansions = items.map((item) => {
    const navigation = findExpandNavigation(context.model, table, item);
    const expand =
      navigation.kind === 'lookup' ? expandLookup(navigation, rows) : expandCollection(navigation, rows);
    return [navigation.name, expand(item, context)] as const;
  });
  return rows.map((row) => ({
    ...row,
    expanded: Object.fromEntries(expansions.map(([name, of]) => [name, of(row)])),
  }));
}

/** Rejects names that the expanded table does not have, even if there is no row to expand. */
function checkExpandItem(item: ExpandItem, table: TableModel, context: QueryContext): void {
  const { model, actor, nowMs } = context;
  const target = requireTable(model, findExpandNavigation(model, table, item).target);
  const scope = new TableScope(new QueryCompilation(model, actor, nowMs), target);
  if (item.filter) filterSql(item.filter, scope);
  createOrderKeys(item.orderby ?? [], scope);
  for (const nested of item.expand ?? []) checkExpandItem(nested, target, context);
}

type RowExpander = (
  item: ExpandItem,
  context: QueryContext,
) => (row: StoredRow) => StoredRow | null | readonly StoredRow[];

const lookupIdOf = (row: StoredRow, { attribute }: Navigation & { kind: 'lookup' }): string | undefined => {
  const value = row.values[attribute.logicalName];
  return typeof value === 'string' ? value : referenceId(value);
};

const expandLookup =
  (navigation: Navigation & { kind: 'lookup' }, rows: readonly StoredRow[]): RowExpander =>
  (item, context) => {
    const ids = new Set(rows.map((row) => lookupIdOf(row, navigation)).filter((id) => id !== undefined));
    const found = readRelated({ navigation, item: { ...item, filter: undefined }, ids: [...ids] }, context);
    const byId = new Map(found.map(({ row }) => [row.id, row]));
    return (row) => byId.get(lookupIdOf(row, navigation) ?? '') ?? null;
  };

const expandCollection =
  (navigation: Navigation, rows: readonly StoredRow[]): RowExpander =>
  (item, context) => {
    const found = readRelated({ navigation, item, ids: rows.map(({ id }) => id) }, context);
    const byParent = new Map<string, StoredRow[]>();
    const maxRows = Math.min(item.top ?? maxPageSize, maxPageSize);
    for (const { parent, row } of found) {
      const siblings = byParent.get(parent) ?? [];
      if (siblings.length < maxRows) byParent.set(parent, [...siblings, row]);
    }
    return (row) => byParent.get(row.id) ?? [];
  };

interface RelatedRowsQuery {
  readonly navigation: Navigation;
  readonly item: Omit<ExpandItem, 'filter'> & { readonly filter?: ExpandItem['filter'] | undefined };
  /** Ids of the referenced rows, or of the parents of a collection. */
  readonly ids: readonly string[];
}

/** Reads the related rows, each with the id that it belongs to. */
function readRelated(
  { navigation, item, ids }: RelatedRowsQuery,
  context: QueryContext,
): readonly { readonly parent: string; readonly row: StoredRow }[] {
  if (ids.length === 0) return [];
  const { database, model } = context;
  const target = requireTable(model, navigation.target);
  const compilation = new QueryCompilation(model, context.actor, context.nowMs);
  const scope = new TableScope(compilation, target);
  const select = item.ref ? [] : item.select?.map(({ segments: [name = ''] }) => name);
  const nested = item.expand ?? [];
  const attributes = [...selectAttributes(model, target, select), ...lookupAttributes(model, target, nested)];
  const plan = planRead(model, { table: target, attributes, alias: scope.alias });
  const { parent: owner, source } = parentJoin(navigation, scope);
  const filter = item.filter ? ` AND ${filterSql(item.filter, scope)}` : '';
  const order = orderBySql(createOrderKeys(item.orderby ?? [], scope));
  const where = `${owner} IN ${compilation.bindList(ids)}${filter}`;
  const sql = `SELECT ${plan.sql}, ${owner} AS "$parent" FROM ${scope.from()}${source} WHERE ${where}${order}`;
  const found = database.all(sql, compilation.values).map((raw: SqlRow) => {
    const parent = raw.$parent as string;
    delete raw.$parent;
    return { parent, row: toStoredRow(plan, raw) };
  });
  if (nested.length === 0) return found;
  const rows = expandRows(
    found.map(({ row }) => row),
    { table: target, items: nested },
    context,
  );
  return found.map(({ parent: id, row }, index) => ({ parent: id, row: rows[index] ?? row }));
}

/** The column with the id of the parent, and the join with the intersect table if there is one. */
function parentJoin(
  navigation: Navigation,
  scope: TableScope,
): { readonly parent: string; readonly source: string } {
  const key = `${scope.alias}.${quoteIdentifier(scope.table.primaryId)}`;
  if (navigation.kind === 'lookup') return { parent: key, source: '' };
  if (navigation.kind === 'oneToMany') {
    return { parent: `${scope.alias}.${quoteIdentifier(navigation.relationship.attribute)}`, source: '' };
  }
  const { relationship, near, far } = navigation;
  const pair = scope.compilation.nextAlias();
  return {
    parent: `${pair}.${quoteIdentifier(near.column)}`,
    source: ` JOIN ${quoteIdentifier(relationship.intersect)} AS ${pair} ON ${pair}.${quoteIdentifier(far.column)} = ${key}`,
  };
}
