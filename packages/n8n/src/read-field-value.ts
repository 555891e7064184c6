import type { Json } from 'dynamics365-connector';
import { ConnectorError, omitUndefined } from 'dynamics365-connector/host';
import type { FieldKind } from './classify-field.ts';
import { parseDate, parseDateTime } from './parse-date-time.ts';

/** Converts the value of a field, entered or from an expression, to an input of the engine; undefined if it is empty. */
export function readFieldValue(
  { kind }: FieldKind,
  { name, value, timeZone }: { readonly name: string; readonly value: unknown; readonly timeZone: string },
): Json | undefined {
  const plain = unwrapLocator(value);
  if (plain === undefined || (plain === '' && kind !== 'text')) return undefined;
  return convertValue(kind, plain, { name, timeZone }) as Json;
}

/** The value of a resource locator; other values as they are. */
function unwrapLocator(value: unknown): unknown {
  const isLocator = typeof value === 'object' && value !== null && '__rl' in value && 'value' in value;
  return isLocator ? value.value : value;
}

function convertValue(
  kind: FieldKind['kind'],
  value: unknown,
  { name, timeZone }: { readonly name: string; readonly timeZone: string },
): unknown {
  switch (kind) {
    case 'number':
    case 'column-choice':
      return toNumber(value);
    case 'date-time':
      return parseDateTime(value, timeZone);
    case 'date':
      return parseDate(value);
    case 'lookup':
      return toLookup(value);
    case 'string-list':
    case 'choices':
    case 'columns':
      return typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;
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

/** `contact/<id>`, or `<id>` where the lookup has one table; lookup objects stay as they are. */
function toLookup(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [, table, id] = /^(?:([\w-]+)\/)?([^/]+)$/.exec(value.trim()) ?? [];
  if (id === undefined) return value;
  return omitUndefined({ table, id });
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const issues = [{ path: `/${name}`, message: 'must be JSON', keyword: 'json' }];
    throw new ConnectorError('INPUT_INVALID', `/${name} must be JSON`, { issues });
  }
}
