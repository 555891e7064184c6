import type { Json, JsonSchema } from '../model/json.ts';
import type { PickList } from './pick-list.ts';

/** What a field holds: how a host draws it, and what value it gives to the engine. */
export type FieldKind =
  | 'text'
  /** Text of several lines. */
  | 'long-text'
  | 'number'
  | 'boolean'
  /** `2026-01-31` */
  | 'date'
  /** RFC 3339: `2026-01-31T08:00:00Z` */
  | 'date-time'
  /** One value of the pick list. */
  | 'choice'
  /** A list of values of the pick list. */
  | 'choices'
  /** The id of a row of the pick list. */
  | 'row'
  /** A row of the pick list as `{ table, id }`; `{ id }` if there is one table. */
  | 'lookup'
  /** A list of such rows. */
  | 'lookups'
  /** The people of an activity: a list of `{ table, id }` or `{ address }`. */
  | 'people'
  /** A list of texts. */
  | 'texts'
  /** Values by column: an object with columns of the pick list. */
  | 'values'
  /** The content of a file, in base64. */
  | 'file'
  /** A list of files: `{ fileName, mimeType, content }`. */
  | 'files'
  /** Other JSON; `example` shows its shape. */
  | 'json';

/** One input of an action, or one parameter of a trigger, as a form shows it. */
export interface FieldView {
  readonly name: string;
  /** The label: "Case number". */
  readonly title: string;
  readonly description?: string;
  readonly kind: FieldKind;
  /** Whether a form must ask for it: it is required and has no default. */
  readonly required: boolean;
  /** The value if it is left out. */
  readonly default?: Json;
  readonly example?: Json;
  /** Where its values come from; absent if any value is possible. */
  readonly pickList?: PickList;
  /** JSON Schema of the value, with bounds and patterns. */
  readonly schema: JsonSchema;
}
