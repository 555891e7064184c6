import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject } from '../model/json.ts';
import type { FieldView } from './field-view.ts';
import { parseDate, parseDateTime } from './parse-date-time.ts';
import { parsePickedRow } from './picked-row.ts';

/** What converts the values of a form. */
export interface FormContext {
  /** IANA name of the time zone of date-times without an offset. Default: UTC. */
  readonly timeZone?: string;
}

/**
 * Converts what a person entered or picked in the field of a form to the input of the engine: `42` for the text of a number,
 * `{ table, id }` for a picked row, a list for a text with commas. Values that have their type already, such as those of
 * expressions, stay as they are, and so do wrong ones: the engine reports them.
 *
 * @throws INPUT_INVALID for a text that should be JSON and is not.
 * @example readFormValue({ name: 'customer', kind: 'lookup' }, 'account/1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90')
 */
export function readFormValue(
  { name, kind }: Pick<FieldView, 'name' | 'kind'>,
  value: unknown,
  { timeZone = 'UTC' }: FormContext = {},
): unknown {
  switch (kind) {
    case 'number':
    case 'choice':
      return toNumber(value);
    case 'boolean':
      return value === 'true' || value === 'false' ? value === 'true' : value;
    case 'date-time':
      return parseDateTime(value, timeZone);
    case 'date':
      return parseDate(value);
    case 'row':
      return typeof value === 'string' ? value.trim() : value;
    case 'lookup':
      return toLookup(value);
    case 'lookups':
    case 'people':
      return toRowList(name, value);
    case 'texts':
    case 'choices':
      return typeof value === 'string' ? splitTexts(value) : value;
    case 'values':
    case 'json':
      return typeof value === 'string' ? parseJson(name, value) : value;
    default:
      return value;
  }
}

/** Expressions often return numbers as text. A choice that only the organization has is its number. */
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

/** The rows of a list, or of a text with commas. A text with "@" is an e-mail address. */
function toRowList(name: string, value: unknown): unknown {
  const entered = readList(name, value);
  if (!Array.isArray(entered)) return entered;
  return entered.flatMap((row: unknown) => {
    if (row === '' || row === undefined) return [];
    return [typeof row === 'string' && row.includes('@') ? { address: row.trim() } : toLookup(row)];
  });
}

function readList(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return isJsonObject(value) && Object.keys(value).length === 0 ? [] : value;
  return value.trimStart().startsWith('[') ? parseJson(name, value) : splitTexts(value);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const issues = [{ path: `/${name}`, message: 'must be JSON', keyword: 'json' }];
    throw new ConnectorError('INPUT_INVALID', `/${name} must be JSON`, { issues });
  }
}
