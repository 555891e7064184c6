import type { Json } from 'dynamics365-connector';
import { type FieldView, idFromRowUrl, isJsonObject, readFormValue } from 'dynamics365-connector/host';
import { columnMember, listMember, rowMember, valueMember } from './field-property.ts';

/** A value of the form, entered or from an expression. */
export interface EnteredValue {
  readonly value: unknown;
  /** IANA name of the workflow's time zone. */
  readonly timeZone: string;
}

/** Converts the value of a field to an input of the engine; undefined if it is empty. */
export function readFieldValue(
  field: Pick<FieldView, 'name' | 'kind'>,
  { value, timeZone }: EnteredValue,
): Json | undefined {
  const plain = unwrapLocator(value);
  const isText = field.kind === 'text' || field.kind === 'long-text';
  if (plain === undefined || (plain === '' && !isText)) return undefined;
  return readFormValue(field, unwrapCollection(field, plain), { timeZone }) as Json | undefined;
}

/** The value of a resource locator; other values as they are. An expression may give a locator without n8n's mark. */
function unwrapLocator(value: unknown): unknown {
  if (!isJsonObject(value) || !('value' in value)) return value;
  if ('__rl' in value)
    return value.mode === 'url' ? (idFromRowUrl(String(value.value)) ?? value.value) : value.value;
  return Object.keys(value).every((key) => locatorKeys.has(key)) && 'mode' in value ? value.value : value;
}

const locatorKeys: ReadonlySet<string> = new Set(['mode', 'value', 'cachedResultName', 'cachedResultUrl']);

/** The members of a fixed collection, or of a list that an expression returns. */
function unwrapCollection({ kind }: Pick<FieldView, 'kind'>, value: unknown): unknown {
  if (kind === 'lookups' || kind === 'people') {
    const members = isJsonObject(value) && listMember in value ? value[listMember] : value;
    if (!Array.isArray(members)) return members;
    return members.map((member) =>
      unwrapLocator(isJsonObject(member) && rowMember in member ? member[rowMember] : member),
    );
  }
  return kind === 'values' ? unwrapColumns(value) : value;
}

/** `{ rows: [{ column, value }] }` -> `{ <column>: <value> }`; other values stay as they are. */
function unwrapColumns(value: unknown): unknown {
  if (!isJsonObject(value) || !Array.isArray(value[listMember])) return value;
  const entries = value[listMember].flatMap((member: Json): (readonly [string, Json])[] => {
    const { [columnMember]: column, [valueMember]: entered } = isJsonObject(member) ? member : {};
    return typeof column === 'string' && column !== '' ? [[column, entered ?? null]] : [];
  });
  return Object.fromEntries(entries);
}
