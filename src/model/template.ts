import type { Json } from './json.ts';
import type { ColumnType, LookupTarget } from './table.ts';

/** The type of the value that fills a hole, read from the schema at load. */
export interface PlaceholderType {
  readonly kind:
    | ColumnType
    | 'parties'
    | 'wire-name'
    | 'name'
    | 'names'
    | 'array'
    | 'object'
    | 'any'
    | 'filter';
  readonly choices?: Readonly<Record<string, number>>;
  readonly targets?: readonly LookupTarget[];
  /** For `name` / `names`: the identifiers that the schema's enum allows. */
  readonly names?: readonly string[];
  /** A list that Dataverse takes as one text: what stands between its items. */
  readonly separator?: string;
  /** For `array`: its items' type. */
  readonly items?: PlaceholderType;
}

/**
 * Where a hole stands; decides with its type how a value is written (the table in docs/manifest.md).
 * filter-value: operand of a comparison · filter-text: argument of contains/startswith/endswith, wildcards
 * neutralised · filter-list: JSON list of a query function · filter-name: column position (enum only) ·
 * order / select: `$orderby`, `$select` (enum only) · key: in the parentheses of a path · segment: a path
 * segment (enum only) · condition: a whole clause of a `$filter`, parsed and printed again · json: a whole value of a body · text: part of a body's text · bind: key ending in
 * `@odata.bind` · header.
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

/** A hole, compiled: where its value is found, what it is, and where it will stand. Plain data. */
export interface Placeholder {
  /** `['input', 'customer', 'id']`; the first word is `input`, `params`, `connection` or `new` (engine-made ids). */
  readonly path: readonly string[];
  readonly type: PlaceholderType;
  readonly position: PlaceholderPosition;
}

/** Text with holes. Rendered by the engine; absent when any of its slots is absent. */
export interface Template {
  readonly parts: readonly (string | Placeholder)[];
}

/** A request body with holes, as plain data. An absent slot leaves its property out; `null` is a value. */
export type BodyTemplate =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'placeholder'; readonly placeholder: Placeholder }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: BodyTemplate])[] }
  | { readonly kind: 'array'; readonly items: readonly BodyTemplate[] }
  /** A row in our words, written through the table's codec; names in `omit` (an id, say) are not columns. */
  | {
      readonly kind: 'row';
      readonly table: string;
      readonly value: BodyTemplate;
      readonly omit: readonly string[];
    };
