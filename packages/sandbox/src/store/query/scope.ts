import type { Attribute, Navigation, TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import { DataverseError, invalidQuery, propertyNotFound } from '../errors.ts';
import { comparableSql } from '../sql-columns.ts';
import type { QueryCompilation } from './compilation.ts';

/** Dataverse follows no more lookups than this in one query. */
const maxJoins = 15;

/** A column that a path led to. */
export interface ScopedColumn {
  readonly table: TableModel;
  readonly attribute: Attribute;
  /** Alias of the table it is read from. */
  readonly alias: string;
  /** Expression to compare and sort by. */
  readonly sql: string;
}

/** A path that ends with a navigation property instead of a column. */
export interface CollectionPath {
  readonly navigation: Navigation;
  /** Where it starts. */
  readonly table: TableModel;
  readonly alias: string;
}

/** One table in a FROM clause, with the lookups that paths have followed from it, each joined once. */
export class TableScope {
  readonly compilation: QueryCompilation;
  readonly table: TableModel;
  readonly alias: string;
  readonly #variables: ReadonlyMap<string, TableScope>;
  readonly #joins = new Map<
    string,
    { readonly alias: string; readonly table: TableModel; readonly sql: string }
  >();

  constructor(
    compilation: QueryCompilation,
    table: TableModel,
    variables: ReadonlyMap<string, TableScope> = new Map(),
  ) {
    this.compilation = compilation;
    this.table = table;
    this.alias = compilation.nextAlias();
    this.#variables = variables;
  }

  /** A scope inside this one, in which `variable` stands for its rows. */
  createInnerScope(table: TableModel, variable: string | undefined): TableScope {
    const variables = new Map(this.#variables);
    const scope = new TableScope(this.compilation, table, variables);
    if (variable) variables.set(variable, scope);
    return scope;
  }

  /** `"incident" AS t1 LEFT JOIN ...`; complete once every path has been resolved. */
  from(): string {
    const joins = [...this.#joins.values()].map(({ sql }) => ` ${sql}`).join('');
    return `${quoteIdentifier(this.table.logicalName)} AS ${this.alias}${joins}`;
  }

  /** The column at the end of a path; query functions may also name a lookup by its logical name (`ownerid`). */
  column(
    segments: readonly string[],
    logicalName: 'no logical name' | 'or logical name' = 'no logical name',
  ): ScopedColumn {
    const { scope, rest } = this.#resolveStart(segments);
    const { alias, table } = scope.#followPath(rest.slice(0, -1));
    const name = rest.at(-1) ?? segments[0]!;
    const { model } = this.compilation;
    const known = model.property(table, name);
    const attribute = known ?? (logicalName === 'or logical name' ? model.attribute(table, name) : undefined);
    if (!attribute) throw this.#noColumn(table, name);
    return { table, attribute, alias, sql: comparableSql(attribute, alias) };
  }

  /** The collection at the end of a path. */
  collection(segments: readonly string[]): CollectionPath {
    const { scope, rest } = this.#resolveStart(segments);
    const { alias, table } = scope.#followPath(rest.slice(0, -1));
    const name = rest.at(-1) ?? segments[0]!;
    const navigation = this.compilation.model.navigation(table, name);
    if (!navigation) throw propertyNotFound(name, table);
    if (navigation.kind === 'lookup') {
      throw invalidQuery(`Any/All may only be used following a collection. '${name}' is not a collection.`);
    }
    return { navigation, table, alias };
  }

  /** The first segment may be the variable of a lambda. */
  #resolveStart(segments: readonly string[]): { scope: TableScope; rest: readonly string[] } {
    const variable = segments.length > 1 ? this.#variables.get(segments[0]!) : undefined;
    return variable ? { scope: variable, rest: segments.slice(1) } : { scope: this, rest: segments };
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

  /** Joins the table that a lookup points at; `cast` names a derived type (`Microsoft.Dynamics.CRM.systemuser`). */
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
    if (this.#joins.size >= maxJoins) {
      throw new DataverseError('0x8004430d', 400, 'Number of link entities in query exceeded maximum limit.');
    }
    const alias = this.compilation.nextAlias();
    const [id, reference] = [
      quoteIdentifier(table.primaryId),
      quoteIdentifier(navigation.attribute.logicalName),
    ];
    const sql = `LEFT JOIN ${quoteIdentifier(target)} AS ${alias} ON ${alias}.${id} = ${from.alias}.${reference}`;
    const joined = { alias, table, sql };
    this.#joins.set(key, joined);
    return joined;
  }

  #noColumn(table: TableModel, name: string): DataverseError {
    const navigation = this.compilation.model.navigation(table, name);
    if (!navigation) return propertyNotFound(name, table);
    return invalidQuery(
      `The property '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}' is a navigation property and cannot be used as a value.`,
    );
  }
}
