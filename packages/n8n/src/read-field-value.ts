import type { Json } from 'dynamics365-connector';
import {
  ConnectorError,
  type FieldView,
  idFromRowUrl,
  isJsonObject,
  parsePickedRow,
} from 'dynamics365-connector/host';
import { columnMember, listMember, rowMember, valueMember } from './field-property.ts';
import { parseDate, parseDateTime } from './parse-date-time.ts';

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
  return convertValue(field, { value: plain, timeZone }) as Json | undefined;
}

/** The value of a resource locator; other values as they are. An expression may give a locator without n8n's mark. */
function unwrapLocator(value: unknown): unknown {
  if (!isJsonObject(value) || !('value' in value)) return value;
  if ('__rl' in value)
    return value.mode === 'url' ? (idFromRowUrl(String(value.value)) ?? value.value) : value.value;
  return Object.keys(value).every((key) => locatorKeys.has(key)) && 'mode' in value ? value.value : value;
}

const locatorKeys: ReadonlySet<string> = new Set(['mode', 'value', 'cachedResultName', 'cachedResultUrl']);

function convertValue(
  { name, kind }: Pick<FieldView, 'name' | 'kind'>,
  { value, timeZone }: EnteredValue,
): unknown {
  switch (kind) {
    case 'number':
    case 'choice':
      return toNumber(value);
    case 'date-time':
      return parseDateTime(value, timeZone);
    case 'date':
      return parseDate(value);
    case 'row':
      return value;
    case 'lookup':
      return toLookup(value);
    case 'lookups':
    case 'people':
      return toRowList(name, value);
    case 'texts':
    case 'choices':
      return typeof value === 'string' ? splitTexts(value) : value;
    case 'values':
      return toColumnValues(name, value);
    case 'json':
      return typeof value === 'string' ? parseJson(name, value) : value;
    default:
      return value;
  }
}

/** Expressions often return numbers as text. */
function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
}

function splitTexts(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `contact/<id>`, or `<id>` where the lookup has one table; lookup objects stay as they are. */
function toLookup(value: unknown): unknown {
  return typeof value === 'string' ? (parsePickedRow(value) ?? value) : value;
}

/** The rows of a fixed collection, of a list, or of a text with commas. A text with "@" is an e-mail address. */
function toRowList(name: string, value: unknown): unknown {
  const entered = isJsonObject(value) && listMember in value ? value[listMember] : readList(name, value);
  if (!Array.isArray(entered)) return entered;
  return entered.flatMap((member) => {
    const row = unwrapLocator(isJsonObject(member) && rowMember in member ? member[rowMember] : member);
    if (row === '' || row === undefined) return [];
    return [typeof row === 'string' && row.includes('@') ? { address: row.trim() } : toLookup(row)];
  });
}

function readList(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return isJsonObject(value) && Object.keys(value).length === 0 ? [] : value;
  return value.trimStart().startsWith('[') ? parseJson(name, value) : splitTexts(value);
}

/** `{ rows: [{ column, value }] }` -> `{ <column>: <value> }`; other objects stay as they are. */
function toColumnValues(name: string, value: unknown): unknown {
  if (typeof value === 'string') return parseJson(name, value);
  if (!isJsonObject(value) || !Array.isArray(value[listMember])) return value;
  const entries = value[listMember].flatMap((member: Json): (readonly [string, Json])[] => {
    const { [columnMember]: column, [valueMember]: entered } = isJsonObject(member) ? member : {};
    return typeof column === 'string' && column !== '' ? [[column, entered ?? null]] : [];
  });
  return Object.fromEntries(entries);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const issues = [{ path: `/${name}`, message: 'must be JSON', keyword: 'json' }];
    throw new ConnectorError('INPUT_INVALID', `/${name} must be JSON`, { issues });
  }
}
