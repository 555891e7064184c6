import type { Json, JsonObject } from 'dynamics365-connector';
import { ConnectorError } from 'dynamics365-connector/host';
import type { FieldKind } from './classify-field.ts';
import { parseDate, parseDateTime } from './parse-date-time.ts';

/** What an author entered, or an expression came to, as the engine takes it; undefined where that is nothing. */
export function readFieldValue(
  { kind }: FieldKind,
  { name, value, timeZone }: { readonly name: string; readonly value: unknown; readonly timeZone: string },
): Json | undefined {
  const plain = unwrapLocator(value);
  if (plain === undefined || (plain === '' && kind !== 'text')) return undefined;
  return convertValue(kind, plain, { name, timeZone }) as Json;
}

/** A resource locator stands for its value. */
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
      return toLink(value);
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

/** Expressions often bring numbers as text. */
function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** `contact/1f3d…` or, where there is one table only, `1f3d…`; a link that was read may be passed on as it is. */
function toLink(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [, table, id] = /^(?:([\w-]+)\/)?([^/]+)$/.exec(value.trim()) ?? [];
  if (id === undefined) return value;
  return { ...(table === undefined ? {} : { table }), id } satisfies JsonObject;
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const issues = [{ path: `/${name}`, message: 'must be JSON', keyword: 'json' }];
    throw new ConnectorError('INPUT_INVALID', `/${name}: must be JSON`, { issues });
  }
}
