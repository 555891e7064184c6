import { crmNamespace, maxLinkEntities } from 'dynamics365-connector/odata';
import type { Attribute, Navigation, TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import { type DataverseError, invalidQuery, propertyNotFound } from '../errors.ts';
import { tooManyLinkEntities } from '../link-limit.ts';
import { type ColumnReader, comparableSql, createColumnReader } from '../sql-columns.ts';
import type { QueryCompilation } from './compilation.ts';
import { readableTableSql } from './row-access.ts';

/** The column at the end of a path. */
export interface ScopedColumn {
  readonly table: TableModel;
  readonly attribute: Attribute;
  /** Alias of its table. */
  readonly alias: string;
  /** Expression to compare and sort by. */
  readonly sql: string;
  /** Expression to read, of a column that is computed. */
  readonly readSql?: string;
}

/** How the values of a column are read. */
export const columnReader = ({ attribute, alias, readSql }: ScopedColumn): ColumnReader =>
  readSql === undefined ? createColumnReader(attribute, alias) : { sql: readSql };

/** The collection at the end of a path. */
export interface CollectionPath {
  readonly navigation: Navigation;
  /** The table that has the navigation property. */
  readonly table: TableModel;
  readonly alias: string;
}

/** Where a scope is used. */
interface TableScopeOptions {
  /** The scopes of the variables of lambdas. */
  readonly variables?: ReadonlyMap<string, TableScope>;
  /** The table of the query. Default: the table of the scope. */
  readonly root?: TableModel;
  /** SQL of the rows. Default: those of the table. */
  readonly rowsSql?: string | undefined;
}

/** A table in a FROM clause with the tables joined through lookups, each one once. */
export class TableScope {
  readonly compilation: QueryCompilation;
  readonly table: TableModel;
  readonly alias: string;
  readonly #source: string;
  readonly #variables: ReadonlyMap<string, TableScope>;
  /** The table of the query, to which names without a variable would belong. */
  readonly #root: TableModel;
  readonly #joins = new Map<
    string,
    { readonly alias: string; readonly table: TableModel; readonly sql: string }
  >();

  constructor(
    compilation: QueryCompilation,
    table: TableModel,
    { variables = new Map(), root = table, rowsSql }: TableScopeOptions = {},
  ) {
    this.compilation = compilation;
    this.table = table;
    this.alias = compilation.nextAlias();
    this.#source = readableTableSql(table, compilation, rowsSql);
    this.#variables = variables;
    this.#root = root;
  }

  /** A scope for a subquery, in which `variable` stands for its rows. */
  createInnerScope(table: TableModel, variable: string | undefined): TableScope {
    const variables = new Map(this.#variables);
    const scope = new TableScope(this.compilation, table, { variables, root: this.#root });
    if (variable) variables.set(variable, scope);
    return scope;
  }

  /** `"incident" AS t1 LEFT JOIN …`. It is complete once all paths have been resolved. */
  from(): string {
    const joins = [...this.#joins.values()].map(({ sql }) => ` ${sql}`).join('');
    return `${this.#source} AS ${this.alias}${joins}`;
  }

  /** The column at the end of a path. Query functions can give a lookup by its logical name (`ownerid`). */
  column(segments: readonly string[], { allowLogicalName = false } = {}): ScopedColumn {
    const { table, alias, name } = this.#resolvePath(segments);
    const { model } = this.compilation;
    const property = model.property(table, name);
    const attribute = property ?? (allowLogicalName ? model.attribute(table, name) : undefined);
    if (!attribute || attribute.validForRead === false) throw this.#noColumn(table, name);
    return { table, attribute, alias, sql: comparableSql(attribute, alias) };
  }

  /** The collection at the end of a path. */
  collection(segments: readonly string[]): CollectionPath {
    const { table, alias, name } = this.#resolvePath(segments);
    const navigation = this.compilation.model.navigation(table, name);
    if (!navigation) throw propertyNotFound(name, table);
    if (navigation.kind === 'lookup') {
      throw invalidQuery(`Any/All may only be used following a collection. '${name}' is not a collection.`);
    }
    return { navigation, table, alias };
  }

  /** Joins the tables of a path. The first segment can be the variable of a lambda. */
  #resolvePath(segments: readonly string[]): { table: TableModel; alias: string; name: string } {
    const [first = '', ...others] = segments;
    const variable = others.length > 0 ? this.#variables.get(first) : undefined;
    // Inside any() and all(), Dataverse compares columns of the collection only.
    if (!variable && this.#variables.size > 0) throw propertyNotFound(first, this.#root);
    const path = variable ? others : segments;
    const position = (variable ?? this).#followPath(path.slice(0, -1));
    return { ...position, name: path.at(-1) ?? first };
  }

  #followPath(segments: readonly string[]): { alias: string; table: TableModel } {
    let position = { alias: this.alias, table: this.table };
    segments.forEach((segment, index) => {
      if (segment.includes('.')) return;
      const cast = segments[index + 1]?.includes('.') ? segments[index + 1] : undefined;
      position = this.#join(position, segment, cast);
    });
    return position;
  }

  /** Joins the table that a lookup references. `cast` is a derived type, for example `Microsoft.Dynamics.CRM.systemuser`. */
  #join(from: { alias: string; table: TableModel }, name: string, cast: string | undefined) {
    const { model } = this.compilation;
    const navigation = model.navigation(from.table, name);
    if (!navigation) throw propertyNotFound(name, from.table);
    if (navigation.kind !== 'lookup') {
      throw invalidQuery(
        `The parent value for a property access of a property '${name}' is not a single value.`,
      );
    }
    const target = cast ? cast.slice(cast.lastIndexOf('.') + 1) : navigation.target;
    const table = model.table(target);
    if (!table) throw invalidQuery(`The type '${cast}' is not defined in the model.`);
    const key = `${from.alias}/${name}/${target}`;
    const known = this.#joins.get(key);
    if (known) return known;
    if (this.#joins.size >= maxLinkEntities) throw tooManyLinkEntities();
    const alias = this.compilation.nextAlias();
    const [id, reference] = [
      quoteIdentifier(table.primaryId),
      quoteIdentifier(navigation.attribute.logicalName),
    ];
    const sql = `LEFT JOIN ${readableTableSql(table, this.compilation)} AS ${alias} ON ${alias}.${id} = ${from.alias}.${reference}`;
    const joined = { alias, table, sql };
    this.#joins.set(key, joined);
    return joined;
  }

  #noColumn(table: TableModel, name: string): DataverseError {
    const navigation = this.compilation.model.navigation(table, name);
    if (!navigation) return propertyNotFound(name, table);
    return invalidQuery(
      `The property '${name}' on type '${crmNamespace}${table.logicalName}' is a navigation property and cannot be used as a value.`,
    );
  }
}
