import type { Span } from '../../model/span.ts';

// The syntax tree of a query in Dataverse's dialect of OData 4.0: plain data, each node with its span in the text.
// Parameter aliases (`@p1`) are replaced by their values, so a tree never contains one.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview

/** One error in a query: a message, its span, and the fix if there is one. */
export interface ParseDiagnostic extends Span {
  readonly message: string;
  readonly fix?: string;
}

/** The result of a parser: the value, or all errors. Parsers never throw. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly ParseDiagnostic[] };

/**
 * `revenue`, `primarycontactid/fullname`, `o/subject` (in a lambda the first segment can be its variable),
 * `ownerid/Microsoft.Dynamics.CRM.systemuser/domainname` (a segment with dots is a type cast).
 */
export interface PropertyPath extends Span {
  readonly kind: 'path';
  /** At least one. */
  readonly segments: readonly string[];
}

export interface NullLiteral extends Span {
  readonly kind: 'null';
}
export interface BooleanLiteral extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}
/** Kept as text (`-12.50`, `1e3`), so that decimals keep their precision. */
export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly text: string;
}
export interface StringLiteral extends Span {
  readonly kind: 'string';
  /** Without the quotes, `''` replaced by `'`. `%` and `_` are kept; they are wildcards in Dataverse. */
  readonly value: string;
}
export interface GuidLiteral extends Span {
  readonly kind: 'guid';
  /** Lower case, 8-4-4-4-12. */
  readonly text: string;
}
export interface DateLiteral extends Span {
  readonly kind: 'date';
  /** `2024-02-29`, an existing date. */
  readonly text: string;
}
export interface DateTimeLiteral extends Span {
  readonly kind: 'datetime';
  /** As written: `2024-02-29T12:00:00Z`, `2024-02-29T12:00:00.5+02:00`; an existing date-time with its offset. */
  readonly text: string;
}
/** `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`. */
export interface EnumLiteral extends Span {
  readonly kind: 'enum';
  readonly type: string;
  readonly member: string;
}

/** One value. */
export type Literal =
  | NullLiteral
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | GuidLiteral
  | DateLiteral
  | DateTimeLiteral
  | EnumLiteral;

export type Operand = PropertyPath | Literal;

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** `revenue gt 100`, `null ne name`, `firstname eq lastname` (two columns of one row). */
export interface Comparison extends Span {
  readonly kind: 'compare';
  readonly operator: ComparisonOperator;
  readonly left: Operand;
  readonly right: Operand;
}

/** `contains(name,'x')`: one of the three string functions of Dataverse. */
export interface TextMatch extends Span {
  readonly kind: 'text';
  readonly name: 'contains' | 'startswith' | 'endswith';
  readonly path: PropertyPath;
  readonly value: StringLiteral;
}

/**
 * `Microsoft.Dynamics.CRM.Between(PropertyName='revenue',PropertyValues=["5","20"])`.
 * `path` ends with the column of PropertyName, after the path that the function was called on
 * (`t/Microsoft.Dynamics.CRM.Today(PropertyName='createdon')` -> `t/createdon`).
 */
export interface QueryFunction extends Span {
  readonly kind: 'function';
  /** Without its namespace, one of `queryFunctions` (query-functions.ts). */
  readonly name: string;
  readonly path: PropertyPath;
  /** PropertyValue, PropertyValues, or PropertyValue1 and PropertyValue2, in order. */
  readonly values: readonly Literal[];
}

/** `Account_Tasks/any(t:t/statecode eq 0)`; `any()` has neither variable nor body. */
export interface Lambda extends Span {
  readonly kind: 'lambda';
  readonly quantifier: 'any' | 'all';
  readonly path: PropertyPath;
  readonly variable?: string;
  readonly body?: Filter;
}

/** A chain `a and b and c` is one node with three terms; parentheses make a separate node. */
export interface LogicalExpression extends Span {
  readonly kind: 'and' | 'or';
  /** At least two. */
  readonly terms: readonly Filter[];
}

export interface NotExpression extends Span {
  readonly kind: 'not';
  readonly term: Filter;
}

/** A condition. Its depth is at most `maxNesting` (parser-cursor.ts), so recursive functions are safe. */
export type Filter = LogicalExpression | NotExpression | Comparison | TextMatch | QueryFunction | Lambda;

/** `revenue desc`. */
export interface OrderItem extends Span {
  readonly path: PropertyPath;
  readonly direction: 'asc' | 'desc';
}

/** One `$expand` item: `primarycontactid($select=fullname)`, `primarycontactid/$ref`. */
export interface ExpandItem extends Span {
  readonly path: PropertyPath;
  /** Only the references: `/$ref`. */
  readonly ref: boolean;
  readonly select?: readonly PropertyPath[];
  readonly filter?: Filter;
  readonly orderby?: readonly OrderItem[];
  readonly top?: number;
  readonly expand?: readonly ExpandItem[];
}

export type AggregateMethod = 'sum' | 'min' | 'max' | 'average' | 'countdistinct';

/** `$count as c` or `revenue with sum as total`. */
export type AggregateItem = Span & { readonly as: string } & (
    | { readonly method: 'count' }
    | { readonly method: AggregateMethod; readonly path: PropertyPath }
  );

/** One step of `$apply`; steps are joined by "/". */
export type ApplyStep = Span &
  (
    | { readonly kind: 'filter'; readonly filter: Filter }
    | { readonly kind: 'aggregate'; readonly items: readonly AggregateItem[] }
    | {
        readonly kind: 'groupby';
        readonly paths: readonly PropertyPath[];
        readonly aggregate?: readonly AggregateItem[];
      }
  );

/** The values of parameter aliases by name: `@p1` -> `'lastname'`, decoded and not parsed. */
export type ParameterAliases = ReadonlyMap<string, string>;
