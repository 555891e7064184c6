import type { Json } from './json.ts';
import type { ChoiceNumbers, ColumnType, LookupTarget } from './table.ts';

/** The type of a placeholder's value, from the schema of its input. */
export interface PlaceholderType {
  readonly kind:
    | ColumnType
    | 'parties'
    | 'wire-name'
    | 'name'
    | 'names'
    | 'array'
    | 'object'
    | 'row'
    | 'any'
    | 'filter';
  readonly choices?: ChoiceNumbers;
  readonly targets?: readonly LookupTarget[];
  /** For `name` / `names`: the identifiers that the schema's enum allows. */
  readonly names?: readonly string[];
  /** The separator of a list that is sent as one text. */
  readonly separator?: string;
  /** For `array`: the type of its items. */
  readonly items?: PlaceholderType;
  /** For `object`: its members by our names. */
  readonly members?: Readonly<Record<string, MemberType>>;
  /** For `object`: it can have other members, which keep their names and values. */
  readonly isOpen?: true;
  /** For `row`: our name of its table. */
  readonly table?: string;
}

/** One member of an object: its type, and its names in Dataverse's JSON. */
export interface MemberType {
  readonly type: PlaceholderType;
  /** The name that it is written with: its `x-column`, or our name. */
  readonly wireName: string;
  /** The column that it stands for (`_customerid_value`), under whose name a row of Dataverse has it. */
  readonly column?: string;
}

/**
 * The position of a placeholder. With the type, it determines how the value is encoded (see docs/manifest.md).
 *
 * - `filter-value`: an operand of a comparison
 * - `filter-text`: the argument of contains, startswith or endswith; wildcards are escaped
 * - `filter-list`: the JSON list of a query function
 * - `filter-name`, `order`, `select`: a column name (only from an enum)
 * - `condition`: a whole clause of `$filter`, which is parsed and printed again
 * - `key`: a key in the parentheses of a path
 * - `segment`: a path segment (only from an enum)
 * - `json`: a whole value in a body; `text`: a part of a text in a body
 * - `bind`: the value of a member that ends with `@odata.bind`
 * - `header`: a header
 */
export type PlaceholderPosition =
  | 'filter-value'
  | 'filter-text'
  | 'filter-list'
  | 'filter-name'
  | 'condition'
  | 'order'
  | 'select'
  | 'key'
  | 'segment'
  | 'json'
  | 'text'
  | 'bind'
  | 'header';

/** A compiled placeholder: the path of its value, its type and its position. */
export interface Placeholder {
  /** `['input', 'customer', 'id']`. The first name is `input`, `connection`, `api` or `new` (ids from the engine). */
  readonly path: readonly string[];
  readonly type: PlaceholderType;
  readonly position: PlaceholderPosition;
}

/** A text with placeholders. If the value of a placeholder is missing, the whole text is omitted. */
export interface Template {
  readonly parts: readonly (string | Placeholder)[];
}

/** A request body with placeholders. If the value of a placeholder is missing, its property is omitted; `null` is a value. */
export type BodyTemplate =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'placeholder'; readonly placeholder: Placeholder }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: BodyTemplate])[] }
  | { readonly kind: 'array'; readonly items: readonly BodyTemplate[] }
  /** A row with our names, which is encoded with the table's schema; the names in `omit` (for example an id) are not columns. */
  | {
      readonly kind: 'row';
      readonly table: string;
      readonly value: BodyTemplate;
      readonly omit: readonly string[];
      /** The row does not exist yet: `null` means that a column is not given. */
      readonly isNew?: boolean;
    };
