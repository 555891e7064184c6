import type { ExpandItem } from 'dynamics365-connector/odata';
import type { Attribute, Model, Navigation, TableModel } from '../../model/types.ts';
import { type Database, quote, type SqlRow } from '../database.ts';
import { badQuery, noProperty } from '../refusal.ts';
import type { Actor, Reference, Row } from '../types.ts';
import { Compilation } from './compilation.ts';
import { condition } from './filter.ts';
import { orderBy, orderKeys } from './order.ts';
import { planToRead, selected, toRow } from './read-rows.ts';
import { Scope } from './scope.ts';

/** Most rows of an expanded collection, as of a page. */
const mostChildren = 5000;

/** What expanding needs besides the rows. */
export interface Expanding {
  readonly database: Database;
  readonly model: Model;
  readonly actor: Actor;
  readonly nowMs: number;
}

function navigationOf(model: Model, table: TableModel, item: ExpandItem): Navigation {
  const name = item.path.segments[0]!;
  const navigation = model.navigation(table, name);
  if (!navigation) throw noProperty(name, table);
  if (item.ref && navigation.kind !== 'lookup') {
    throw badQuery('Expand with $ref is only supported on lookup type navigation property.');
  }
  return navigation;
}

/** Lookups that must be read so that they can be expanded. */
export const lookupsOf = (model: Model, table: TableModel, items: readonly ExpandItem[]): Attribute[] =>
  items.flatMap((item) => {
    const navigation = navigationOf(model, table, item);
    return navigation.kind === 'lookup' ? [navigation.attribute] : [];
  });

/** Adds to each row what it expands to. One query an item, however many rows there are. */
export function expandRows(
  rows: readonly Row[],
  { table, items }: { readonly table: TableModel; readonly items: readonly ExpandItem[] },
  context: Expanding,
): readonly Row[] {
  const expansions = items.map((item) => {
    const navigation = navigationOf(context.model, table, item);
    const expand =
      navigation.kind === 'lookup' ? expandLookup(navigation, rows) : expandCollection(navigation, rows);
    return [navigation.name, expand(item, context)] as const;
  });
  return rows.map((row) => ({
    ...row,
    expanded: Object.fromEntries(expansions.map(([name, of]) => [name, of(row)])),
  }));
}

type Expand = (item: ExpandItem, context: Expanding) => (row: Row) => Row | null | readonly Row[];

const idIn = (row: Row, { attribute }: Navigation & { kind: 'lookup' }): string | undefined => {
  const value = row.values[attribute.logicalName];
  return typeof value === 'string' ? value : (value as Reference | null)?.id;
};

const expandLookup =
  (navigation: Navigation & { kind: 'lookup' }, rows: readonly Row[]): Expand =>
  (item, context) => {
    const ids = new Set(rows.map((row) => idIn(row, navigation)).filter((id) => id !== undefined));
    const found = readRelated({ navigation, item: { ...item, filter: undefined }, ids: [...ids] }, context);
    const byId = new Map(found.map(({ row }) => [row.id, row]));
    return (row) => byId.get(idIn(row, navigation) ?? '') ?? null;
  };

const expandCollection =
  (navigation: Navigation, rows: readonly Row[]): Expand =>
  (item, context) => {
    const found = readRelated({ navigation, item, ids: rows.map(({ id }) => id) }, context);
    const byParent = new Map<string, Row[]>();
    const most = Math.min(item.top ?? mostChildren, mostChildren);
    for (const { parent, row } of found) {
      const siblings = byParent.get(parent) ?? [];
      if (siblings.length < most) byParent.set(parent, [...siblings, row]);
    }
    return (row) => byParent.get(row.id) ?? [];
  };

interface Wanted {
  readonly navigation: Navigation;
  readonly item: Omit<ExpandItem, 'filter'> & { readonly filter?: ExpandItem['filter'] | undefined };
  /** Ids of the rows looked up, or of the parents of a collection. */
  readonly ids: readonly string[];
}

/** The rows on the other side, each with the id that it belongs to. */
function readRelated(
  { navigation, item, ids }: Wanted,
  context: Expanding,
): readonly { readonly parent: string; readonly row: Row }[] {
  if (ids.length === 0) return [];
  const { database, model } = context;
  const target = model.table(navigation.target)!;
  const compilation = new Compilation(model, context.actor, context.nowMs);
  const scope = new Scope(compilation, target);
  const select = item.ref ? [] : item.select?.map(({ segments }) => segments[0]!);
  const nested = item.expand ?? [];
  const attributes = [...selected(model, target, select), ...lookupsOf(model, target, nested)];
  const plan = planToRead(model, { table: target, attributes, alias: scope.alias });
  const { parent: owner, source } = joinOf(navigation, scope);
  const filter = item.filter ? ` AND ${condition(item.filter, scope)}` : '';
  const order = orderBy(orderKeys(item.orderby ?? [], scope));
  const where = `${owner} IN ${compilation.bindList(ids)}${filter}`;
  const sql = `SELECT ${plan.sql}, ${owner} AS "$parent" FROM ${scope.from()}${source} WHERE ${where}${order}`;
  const found = database.all(sql, compilation.values).map((raw: SqlRow) => {
    const parent = raw.$parent as string;
    delete raw.$parent;
    return { parent, row: toRow(plan, raw) };
  });
  if (nested.length === 0) return found;
  const rows = expandRows(
    found.map(({ row }) => row),
    { table: target, items: nested },
    context,
  );
  return found.map(({ parent: id }, index) => ({ parent: id, row: rows[index]! }));
}

/** The column that tells whose row it is, and the intersect table where there is one. */
function joinOf(navigation: Navigation, scope: Scope): { readonly parent: string; readonly source: string } {
  const key = `${scope.alias}.${quote(scope.table.primaryId)}`;
  if (navigation.kind === 'lookup') return { parent: key, source: '' };
  if (navigation.kind === 'children') {
    return { parent: `${scope.alias}.${quote(navigation.relationship.attribute)}`, source: '' };
  }
  const { relationship, near, far } = navigation;
  const pair = scope.compilation.alias();
  return {
    parent: `${pair}.${quote(near.column)}`,
    source: ` JOIN ${quote(relationship.intersect)} AS ${pair} ON ${pair}.${quote(far.column)} = ${key}`,
  };
}
