/** A column, with the name or alias of its table if the query gives it. */
export interface SqlColumn {
  readonly table?: string;
  readonly name: string;
}

export type SqlAggregate = 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX';

/** A column, or an aggregate of one; `COUNT(*)` has no column. */
export interface SqlExpression {
  readonly column?: SqlColumn;
  readonly aggregate?: SqlAggregate;
  readonly distinct?: boolean;
}

export interface SqlSelectItem extends SqlExpression {
  readonly alias?: string;
}

/** `account AS a` */
export interface SqlTable {
  readonly name: string;
  readonly alias: string;
}

export interface SqlJoin extends SqlTable {
  readonly kind: 'inner' | 'outer' | 'cross';
  /** Absent for a cross join. */
  readonly on?: SqlCondition;
}

/** A condition. The operators are those of FetchXML. */
export type SqlCondition =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly SqlCondition[] }
  | {
      readonly kind: 'compare';
      readonly column: SqlColumn;
      readonly operator: string;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'columns';
      readonly left: SqlColumn;
      readonly operator: string;
      readonly right: SqlColumn;
    };

export interface SqlOrder extends SqlExpression {
  readonly descending: boolean;
}

/** A SELECT statement. */
export interface SqlQuery {
  readonly distinct: boolean;
  readonly top?: number;
  readonly items: readonly SqlSelectItem[];
  readonly from: SqlTable;
  readonly joins: readonly SqlJoin[];
  readonly where?: SqlCondition;
  readonly groupBy: readonly SqlColumn[];
  readonly orderBy: readonly SqlOrder[];
  readonly offset?: { readonly rows: number; readonly next?: number };
}
