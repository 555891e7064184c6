import type { Attribute, Navigation, TableModel } from '../../model/types.ts';
import { comparing } from '../columns.ts';
import { quote } from '../database.ts';
import { badQuery, noProperty, StoreRefusal } from '../refusal.ts';
import type { Compilation } from './compilation.ts';

/** Dataverse follows no more lookups than this in one query. */
const mostJoins = 15;

/** A column that a path led to. */
export interface Column {
  readonly table: TableModel;
  readonly attribute: Attribute;
  /** Alias of the table it is read from. */
  readonly alias: string;
  /** Expression to compare and sort by. */
  readonly sql: string;
}

/** A path that ends with a navigation property instead of a column. */
export interface Route {
  readonly navigation: Navigation;
  /** Where it starts. */
  readonly table: TableModel;
  readonly alias: string;
}

/** One table in a FROM clause, with the lookups that paths have followed from it, each joined once. */
export class Scope {
  readonly compilation: Compilation;
  readonly table: TableModel;
  readonly alias: string;
  readonly #variables: ReadonlyMap<string, Scope>;
  readonly #joins = new Map<
    string,
    { readonly alias: string; readonly table: TableModel; readonly sql: string }
  >();

  constructor(
    compilation: Compilation,
    table: TableModel,
    variables: ReadonlyMap<string, Scope> = new Map(),
  ) {
    this.compilation = compilation;
    this.table = table;
    this.alias = compilation.alias();
    this.#variables = variables;
  }

  /** A scope inside this one, in which `variable` stands for its rows. */
  inner(table: TableModel, variable: string | undefined): Scope {
    const variables = new Map(this.#variables);
    const scope = new Scope(this.compilation, table, variables);
    if (variable) variables.set(variable, scope);
    return scope;
  }

  /** `"incident" AS t1 LEFT JOIN ...`; complete once every path has been resolved. */
  from(): string {
    const joins = [...this.#joins.values()].map(({ sql }) => ` ${sql}`).join('');
    return `${quote(this.table.logicalName)} AS ${this.alias}${joins}`;
  }

  /** The column at the end of a path; query functions may also name a lookup by its logical name (`ownerid`). */
  column(
    segments: readonly string[],
    logicalName: 'no logical name' | 'or logical name' = 'no logical name',
  ): Column {
    const { scope, rest } = this.#start(segments);
    const { alias, table } = scope.#walk(rest.slice(0, -1));
    const name = rest.at(-1) ?? segments[0]!;
    const { model } = this.compilation;
    const known = model.property(table, name);
    const attribute = known ?? (logicalName === 'or logical name' ? model.attribute(table, name) : undefined);
    if (!attribute) throw this.#noColumn(table, name);
    return { table, attribute, alias, sql: comparing(attribute, alias) };
  }

  /** The collection at the end of a path. */
  collection(segments: readonly string[]): Route {
    const { scope, rest } = this.#start(segments);
    const { alias, table } = scope.#walk(rest.slice(0, -1));
    const name = rest.at(-1) ?? segments[0]!;
    const navigation = this.compilation.model.navigation(table, name);
    if (!navigation) throw noProperty(name, table);
    if (navigation.kind === 'lookup') {
      throw badQuery(`Any/All may only be used following a collection. '${name}' is not a collection.`);
    }
    return { navigation, table, alias };
  }

  /** The first segment may be the variable of a lambda. */
  #start(segments: readonly string[]): { scope: Scope; rest: readonly string[] } {
    const variable = segments.length > 1 ? this.#variables.get(segments[0]!) : undefined;
    return variable ? { scope: variable, rest: segments.slice(1) } : { scope: this, rest: segments };
  }

  #walk(segments: readonly string[]): { alias: string; table: TableModel } {
    let place = { alias: this.alias, table: this.table };
    segments.forEach((segment, index) => {
      if (segment.includes('.')) return;
      const cast = segments[index + 1]?.includes('.') ? segments[index + 1] : undefined;
      place = this.#join(place, segment, cast);
    });
    return place;
  }

  /** Joins the table that a lookup points at; `cast` names a derived type (`Microsoft.Dynamics.CRM.systemuser`). */
  #join(from: { alias: string; table: TableModel }, name: string, cast: string | undefined) {
    const { model } = this.compilation;
    const navigation = model.navigation(from.table, name);
    if (!navigation) throw noProperty(name, from.table);
    if (navigation.kind !== 'lookup') {
      throw badQuery(`The parent value for a property access of a property '${name}' is not a single value.`);
    }
    const target = cast ? cast.slice(cast.lastIndexOf('.') + 1) : navigation.target;
    const table = model.table(target);
    if (!table) throw badQuery(`The type '${cast}' is not defined in the model.`);
    const key = `${from.alias}/${name}/${target}`;
    const known = this.#joins.get(key);
    if (known) return known;
    if (this.#joins.size >= mostJoins) {
      throw new StoreRefusal('0x8004430d', 400, 'Number of link entities in query exceeded maximum limit.');
    }
    const alias = this.compilation.alias();
    const [id, reference] = [quote(table.primaryId), quote(navigation.attribute.logicalName)];
    const sql = `LEFT JOIN ${quote(target)} AS ${alias} ON ${alias}.${id} = ${from.alias}.${reference}`;
    const joined = { alias, table, sql };
    this.#joins.set(key, joined);
    return joined;
  }

  #noColumn(table: TableModel, name: string): StoreRefusal {
    const navigation = this.compilation.model.navigation(table, name);
    if (!navigation) return noProperty(name, table);
    return badQuery(
      `The property '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}' is a navigation property and cannot be used as a value.`,
    );
  }
}
