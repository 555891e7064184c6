import { isValidDate, isValidDateTime } from 'dynamics365-connector/odata';
import { parseGuid } from '../../guid.ts';
import { decimalScale, edmType, isImage } from '../../model/attribute.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { formatDateTime } from '../../store/date-time.ts';
import { roundDecimal } from '../../store/decimal.ts';
import type { ColumnValue } from '../../store/types.ts';
import { DataverseError, invalidPayload } from '../errors.ts';
import { LongNumber } from '../exact-json.ts';
import { readImage } from '../images.ts';
import { entitySetName } from '../odata-names.ts';

/** The format of numbers in a body. */
export interface NumberFormat {
  /** Whether the content type has `IEEE754Compatible=true`: only then 64-bit integers can be texts. */
  readonly ieee754Compatible: boolean;
}

/**
 * Reads a column value from JSON and checks its type, length, range and choice as Dataverse does. Numbers and booleans
 * can be texts, 64-bit integers only if the content type says so.
 * https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#ControllingtheRepresentationofNumbers
 */
export function readColumnValue(
  table: TableModel,
  attribute: Attribute,
  raw: unknown,
  { ieee754Compatible }: NumberFormat,
): ColumnValue {
  if (raw === null) return null;
  if (isImage(attribute)) return readImage(table, attribute, raw);
  switch (attribute.type) {
    case 'String':
    case 'Memo':
    case 'EntityName':
      return readText(table, attribute, raw);
    case 'Boolean':
      if (raw === true || raw === false) return raw;
      if (raw === 'true' || raw === 'false') return raw === 'true';
      break;
    case 'ManagedProperty': {
      const value = typeof raw === 'object' ? (raw as { readonly Value?: unknown }).Value : undefined;
      if (typeof value === 'boolean') return value;
      break;
    }
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
      return readInteger(table, attribute, raw);
    case 'BigInt':
      if (typeof raw === 'string' && !ieee754Compatible) break;
      return readNumber(table, attribute, raw);
    case 'Money':
    case 'Decimal':
    case 'Double':
      return readNumber(table, attribute, raw);
    case 'Uniqueidentifier': {
      const id = typeof raw === 'string' ? parseGuid(raw) : undefined;
      if (id) return id;
      break;
    }
    case 'DateTime':
      return readDateTime(table, attribute, raw);
    case 'MultiSelectPicklist':
      return readChoices(table, attribute, raw);
    default:
  }
  throw typeMismatch(table, attribute, raw);
}

function readText(table: TableModel, attribute: Attribute, raw: unknown): string {
  if (typeof raw !== 'string') throw typeMismatch(table, attribute, raw);
  if (attribute.maxLength !== undefined && raw.length > attribute.maxLength) {
    const column = `'${attribute.logicalName}' attribute of the '${table.logicalName}' entity`;
    const rule = `exceeded the maximum allowed length of '${attribute.maxLength}'.`;
    throw new DataverseError(
      400,
      '0x80044331',
      `A validation error occurred.  The length of the ${column} ${rule}`,
    );
  }
  return raw;
}

function readInteger(table: TableModel, attribute: Attribute, raw: unknown): number {
  const value = typeof raw === 'string' && /^-?\d{1,10}$/.test(raw) ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > 2 ** 31) {
    throw typeMismatch(table, attribute, raw);
  }
  if (attribute.type === 'Integer') {
    checkRange(table, attribute, { value, display: String(value), code: '0x8004432f' });
  } else checkChoice(table, attribute, value);
  return value;
}

function readNumber(table: TableModel, attribute: Attribute, raw: unknown): ColumnValue {
  const text = raw instanceof LongNumber ? raw.text : typeof raw === 'number' ? String(raw) : raw;
  if (typeof text !== 'string' || !/^-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?$/i.test(text)) {
    throw typeMismatch(table, attribute, raw);
  }
  checkRange(table, attribute, { value: Number(text), display: text, code: '0x80044330' });
  if (attribute.type === 'Double') return Number(text);
  const places = attribute.type === 'BigInt' ? 0 : decimalScale(attribute);
  return /e/i.test(text) ? Number(text).toFixed(places) : roundDecimal(text, places);
}

function checkRange(
  table: TableModel,
  { logicalName, min, max }: Attribute,
  { value, display, code }: { value: number; display: string; code: string },
): void {
  if (value >= (min ?? -Infinity) && value <= (max ?? Infinity)) return;
  throw outOfRange(table, logicalName, { display, accepted: `${min} to ${max}`, code });
}

function checkChoice(table: TableModel, { logicalName, options }: Attribute, value: number): void {
  if (!options || options.some((option) => option.value === value)) return;
  const accepted = options.map((option) => option.value).join(',');
  throw outOfRange(table, logicalName, { display: String(value), accepted, code: '0x8004431a' });
}

function outOfRange(
  table: TableModel,
  column: string,
  { display, accepted, code }: { display: string; accepted: string; code: string },
) {
  const what = `The value ${display} of '${column}' on record of type '${table.logicalName}'`;
  const message = `A validation error occurred.  ${what} is outside the valid range. Accepted Values: ${accepted}`;
  return new DataverseError(400, code, message);
}

function readDateTime(table: TableModel, attribute: Attribute, raw: unknown): string {
  if (typeof raw === 'string' && attribute.dateOnly) {
    if (isValidDate(raw)) return raw;
  } else if (typeof raw === 'string') {
    if (isValidDate(raw)) return `${raw}T00:00:00Z`;
    const text = /[zZ]|[+-]\d\d:\d\d$/.test(raw) ? raw : `${raw}Z`;
    if (isValidDateTime(text)) return formatDateTime(Date.parse(text));
  }
  throw typeMismatch(table, attribute, raw);
}

function readChoices(table: TableModel, attribute: Attribute, raw: unknown): string {
  const choices = typeof raw === 'string' ? raw.split(',').map((choice) => choice.trim()) : [];
  if (choices.length === 0 || !choices.every((choice) => /^-?\d{1,10}$/.test(choice))) {
    throw typeMismatch(table, attribute, raw);
  }
  for (const choice of choices) checkChoice(table, attribute, Number(choice));
  return [...new Set(choices)].join(',');
}

function typeMismatch(table: TableModel, attribute: Attribute, raw: unknown) {
  const display = raw instanceof LongNumber ? raw.text : String(JSON.stringify(raw)).slice(0, 100);
  const literal = display.replace(/^"|"$/g, '');
  return invalidPayload(
    entitySetName(table),
    `Cannot convert the literal '${literal}' to the expected type '${edmType(attribute)}'.`,
  );
}
