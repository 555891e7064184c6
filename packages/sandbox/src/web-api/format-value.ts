import type { Attribute } from '../model/types.ts';
import type { ColumnValue } from '../store/types.ts';

/** Words that a value's text for people needs from elsewhere. */
export interface DisplayNames {
  /** Name of a row: the text of a lookup. */
  readonly row: (id: string) => string | undefined;
  /** Display name of a table: the text of `objecttypecode`. */
  readonly table: (logicalName: string) => string | undefined;
  /** `$`, of the row's currency. */
  readonly currency: string;
}

/**
 * The text of a value for people, as an English-speaking user in UTC sees it: the `FormattedValue` annotation.
 * Undefined where Dataverse sends none (texts, ids, nulls).
 */
export function formatValue(
  attribute: Attribute,
  value: ColumnValue,
  names: DisplayNames,
): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'object') return names.row(value.id);
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

/** Digits in groups of three, rounded half away from zero to some places: `-1,234.57`. Exact for any length. */
function groupDigits(digits: string, places: number): string {
  const [, sign = '', whole = '0', fraction = ''] =
    /^(-?)(\d+)(?:\.(\d+))?/.exec(withoutExponent(digits)) ?? [];
  const padded = `${fraction}${'0'.repeat(places + 1)}`;
  const up = padded[places]! >= '5' ? 1n : 0n;
  const scaled = (BigInt(whole + padded.slice(0, places)) + up).toString().padStart(places + 1, '0');
  const integer = places === 0 ? scaled : scaled.slice(0, -places);
  const rest = places === 0 ? '' : `.${scaled.slice(-places)}`;
  return `${sign}${integer.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

/** Without an exponent: a Double may come as `1e+21`. */
function withoutExponent(digits: string): string {
  return /e/i.test(digits)
    ? Number(digits).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : digits;
}
