import type { Attribute } from '../model/types.ts';
import { roundDecimal } from '../store/decimal.ts';
import type { ColumnValue, EntityReference } from '../store/types.ts';

/** Names that formatted values need. */
export interface DisplayNames {
  /** Primary name of a row: the text of a lookup. */
  readonly row: (reference: EntityReference) => string | undefined;
  /** Display name of a table: the text of `objecttypecode`. */
  readonly table: (logicalName: string) => string | undefined;
  /** Symbol of the row's currency. */
  readonly currency: string;
}

/**
 * The formatted value of a column, for an English-speaking user in the time zone UTC. Undefined for types that have
 * none (texts, ids) and for null.
 */
export function formatValue(
  attribute: Attribute,
  value: ColumnValue,
  names: DisplayNames,
): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'object') return names.row(value);
  const label = (choice: string | number) =>
    attribute.options?.find((option) => option.value === Number(choice))?.label;
  switch (attribute.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return label(value as number);
    case 'MultiSelectPicklist':
      return String(value)
        .split(',')
        .map((choice) => label(choice) ?? choice)
        .join('; ');
    case 'Boolean':
      return label(value ? 1 : 0) ?? (value ? 'Yes' : 'No');
    case 'DateTime':
      return attribute.dateOnly ? formatDate(String(value)) : formatDateTime(String(value));
    case 'Money':
      return formatMoney(String(value), names.currency);
    case 'Integer':
    case 'BigInt':
      return groupDigits(String(value), 0);
    case 'Decimal':
    case 'Double':
      return groupDigits(String(value), attribute.precision ?? 2);
    case 'EntityName':
      return names.table(String(value));
    default:
      return undefined;
  }
}

/** `4/7/2023` */
function formatDate(text: string): string {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return `${month}/${day}/${year}`;
}

/** `4/7/2023 2:59 PM` */
function formatDateTime(text: string): string {
  const hour = Number(text.slice(11, 13));
  return `${formatDate(text)} ${hour % 12 || 12}:${text.slice(14, 16)} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** `$20,000.00`, `($5.00)` */
function formatMoney(digits: string, symbol: string): string {
  const amount = `${symbol}${groupDigits(digits.replace('-', ''), 2)}`;
  return digits.startsWith('-') ? `(${amount})` : amount;
}

/** A number with digit groups, rounded half away from zero: `-1,234.57`. Exact for any number of digits. */
function groupDigits(digits: string, places: number): string {
  const [integer = '', fraction] = roundDecimal(withoutExponent(digits), places).split('.');
  const grouped = integer.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Writes a number without an exponent; a Double can be `1e+21`. */
function withoutExponent(digits: string): string {
  return /e/i.test(digits)
    ? Number(digits).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : digits;
}
