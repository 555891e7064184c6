import type { FetchElement } from 'dynamics365-connector/odata';
import type { Model, TableModel } from '../../model/types.ts';
import { requireTable } from '../require-table.ts';
import { isSameColumn } from './parse-sql.ts';
import type { SqlColumn, SqlCondition, SqlExpression, SqlJoin, SqlQuery, SqlTable } from './sql-ast.ts';
import { unsupportedSql } from './sql-reader.ts';

const element = (
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly FetchElement[] = [],
  text = '',
): FetchElement => {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return { name, attributes: Object.fromEntries(given) as Record<string, string>, children, text };
};

/** The tables of a statement by alias, to find the one that a column belongs to. */
class SqlTables {
  readonly #tables: readonly (SqlTable & { readonly model: TableModel })[];

  constructor(model: Model, tables: readonly SqlTable[]) {
    this.#tables = tables.map((table) => ({ ...table, model: requireTable(model, table.name) }));
    const aliases = tables.map(({ alias }) => alias);
    const repeated = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
    if (repeated !== undefined) throw unsupportedSql(`The table or alias '${repeated}' is used twice.`);
  }

  /** The alias of a column's table. */
  aliasOf({ table, name }: SqlColumn): string {
    const candidates = this.#tables.filter(
      ({ alias, name: logicalName, model }) =>
        (table === undefined || table === alias || table === logicalName) &&
        model.attributes.some((attribute) => attribute.logicalName === name),
    );
    const [found, ...others] = candidates;
    if (!found) throw unsupportedSql(`Invalid column name '${table ? `${table}.` : ''}${name}'.`);
    if (others.length > 0) throw unsupportedSql(`Ambiguous column name '${name}'.`);
    return found.alias;
  }

  keyOf(alias: string): string {
    return this.#tables.find((table) => table.alias === alias)?.model.primaryId ?? '';
  }
}

/** A statement as the elements of FetchXML. The entity has the alias of the FROM table. */
export function sqlToFetch(query: SqlQuery, model: Model): FetchElement {
  const { from, joins, distinct, top } = query;
  const tables = new SqlTables(model, [from, ...joins]);
  const isAggregate =
    query.groupBy.length > 0 || query.items.some(({ aggregate }) => aggregate !== undefined);
  const columns = readColumns(query, { tables, root: from.alias, isAggregate });
  const links = joins.map((join) => toLink(join, tables));
  const build = (alias: string): readonly FetchElement[] => [
    ...columns.filter(({ owner }) => owner === alias).map(({ column }) => column),
    ...links
      .filter(({ parent }) => (parent ?? from.alias) === alias)
      .map(({ alias: own, attributes, children }) =>
        element('link-entity', attributes, [...build(own), ...children]),
      ),
  ];
  const where = query.where
    ? [element('filter', {}, [toFilter(query.where, { tables, own: from.alias })])]
    : [];
  const orders = query.orderBy.map((order) =>
    toOrder(order, { query, tables, root: from.alias, isAggregate }),
  );
  const entity = element('entity', { name: from.name, alias: from.alias }, [
    ...build(from.alias),
    ...where,
    ...orders,
  ]);
  return element(
    'fetch',
    {
      aggregate: isAggregate ? 'true' : undefined,
      distinct: distinct ? 'true' : undefined,
      top: top === undefined ? undefined : String(top),
      useraworderby: 'true',
    },
    [entity],
  );
}

interface Scope {
  readonly tables: SqlTables;
  readonly root: string;
  readonly isAggregate: boolean;
}

/** The name of an item in the rows: its alias, or the name of its column. */
const itemName = ({ alias, column, aggregate }: SqlExpression & { readonly alias?: string }, index: number) =>
  alias ?? (aggregate === undefined ? column?.name : undefined) ?? `Expr${index + 1}`;

function readColumns({ items, groupBy }: SqlQuery, { tables, root, isAggregate }: Scope) {
  return items.map((item, index) => {
    const { column, aggregate, distinct, alias } = item;
    const owner = column === undefined ? root : tables.aliasOf(column);
    const name = column?.name ?? tables.keyOf(root);
    if (aggregate === undefined && isAggregate && !groupBy.some((group) => isSameColumn(group, column)))
      throw unsupportedSql(
        `Column '${name}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
      );
    // Columns of joined tables are named like those of the first one, without the alias of their table.
    const isPlain = owner === root && alias === undefined && !isAggregate;
    return {
      owner,
      column: element('attribute', {
        name,
        alias: isPlain ? undefined : itemName(item, index),
        aggregate: aggregate === undefined ? undefined : toAggregate(aggregate, column !== undefined),
        distinct: distinct ? 'true' : undefined,
        groupby: aggregate === undefined && isAggregate ? 'true' : undefined,
      }),
    };
  });
}

const toAggregate = (aggregate: string, ofColumn: boolean): string =>
  aggregate === 'COUNT' && ofColumn ? 'countcolumn' : aggregate.toLowerCase();

/** A join as a link: the first equality of columns of the two tables joins them, the others are conditions. */
function toLink({ name, alias, kind, on }: SqlJoin, tables: SqlTables) {
  if (on === undefined)
    return { alias, parent: undefined, attributes: { name, alias, 'link-type': 'cross' }, children: [] };
  const terms = on.kind === 'and' ? on.terms : [on];
  const key = terms.find(
    (term) => term.kind === 'columns' && term.operator === 'eq' && isKey(term, alias, tables),
  );
  if (key?.kind !== 'columns')
    throw unsupportedSql(`The JOIN of '${name}' must compare a column of it with one of an earlier table.`);
  const [own, other] = tables.aliasOf(key.left) === alias ? [key.left, key.right] : [key.right, key.left];
  const rest = terms.filter((term) => term !== key).map((term) => toFilter(term, { tables, own: alias }));
  return {
    alias,
    parent: tables.aliasOf(other),
    attributes: { name, alias, from: own.name, to: other.name, 'link-type': kind },
    children: rest.length === 0 ? [] : [element('filter', {}, rest)],
  };
}

const isKey = (
  { left, right }: { readonly left: SqlColumn; readonly right: SqlColumn },
  alias: string,
  tables: SqlTables,
): boolean => (tables.aliasOf(left) === alias) !== (tables.aliasOf(right) === alias);

/** A condition as a filter. `own` is the alias of the element that has the filter. */
function toFilter(condition: SqlCondition, scope: FilterScope): FetchElement {
  switch (condition.kind) {
    case 'compare': {
      const values = condition.values.map((value) => element('value', {}, [], value));
      return toCondition(condition.column, { operator: condition.operator }, { ...scope, values });
    }
    case 'columns': {
      const { left, operator, right } = condition;
      const owner = scope.tables.aliasOf(right);
      const valueof = owner === scope.own ? right.name : `${owner}.${right.name}`;
      return toCondition(left, { operator, valueof }, { ...scope, values: [] });
    }
    default: {
      const terms = condition.terms.map((term) => toFilter(term, scope));
      return element('filter', { type: condition.kind }, terms);
    }
  }
}

interface FilterScope {
  readonly tables: SqlTables;
  readonly own: string;
}

function toCondition(
  { table, name }: SqlColumn,
  attributes: Readonly<Record<string, string>>,
  { tables, own, values }: FilterScope & { readonly values: readonly FetchElement[] },
): FetchElement {
  const owner = tables.aliasOf({ table, name });
  const entityname = owner === own ? undefined : owner;
  return element('filter', {}, [
    element('condition', { entityname, attribute: name, ...attributes }, values),
  ]);
}

function toOrder(
  order: SqlQuery['orderBy'][number],
  { query, tables, root, isAggregate }: Scope & { readonly query: SqlQuery },
): FetchElement {
  const descending = order.descending ? 'true' : undefined;
  const index = query.items.findIndex(
    (item) =>
      (order.aggregate === undefined &&
        item.alias !== undefined &&
        item.alias.toLowerCase() === order.column?.name) ||
      (item.aggregate === order.aggregate && isSameColumn(item.column, order.column)),
  );
  const item = query.items[index];
  if (isAggregate) {
    if (item === undefined)
      throw unsupportedSql('ORDER BY items must appear in the select list of an aggregate query.');
    return element('order', { alias: itemName(item, index), descending });
  }
  const column = item?.column ?? order.column;
  if (column === undefined) throw unsupportedSql('ORDER BY must name a column.');
  const owner = tables.aliasOf(column);
  return element('order', {
    attribute: column.name,
    entityname: owner === root ? undefined : owner,
    descending,
  });
}
