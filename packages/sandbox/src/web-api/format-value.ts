import type { Attribute } from '../model/types.ts';
import { roundDecimal } from '../store/decimal.ts';
import type { ColumnValue, EntityReference } from '../store/types.ts';
import type { UserFormat } from './user-format.ts';

/** How amounts of a currency are written. */
export interface CurrencyFormat {
  readonly symbol: string;
  /** Decimal places. */
  readonly places: number;
}

/** Names that formatted values need. */
export interface DisplayNames {
  /** Primary name of a row: the text of a lookup. */
  readonly row: (reference: EntityReference) => string | undefined;
  /** Display name of a table: the text of `objecttypecode`. */
  readonly table: (logicalName: string) => string | undefined;
  /** The row's currency. */
  readonly currency: CurrencyFormat;
  /** The settings of the user. */
  readonly format: UserFormat;
}

/**
 * The formatted value of a column. Undefined for types that have none (texts, ids) and for null.
 */
export function formatValue(
  attribute: Attribute,
  value: ColumnValue,
  names: DisplayNames,
): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'object') return names.row(value);
  const label = (choice: string | number) => {
    const option = attribute.options?.find((each) => each.value === Number(choice));
    return option?.translations?.label?.[names.format.language] ?? option?.label;
  };
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
      return attribute.dateOnly
        ? names.format.date(String(value))
        : names.format.dateTime(String(value), attribute.dateTimeBehavior !== 'TimeZoneIndependent');
    case 'Money':
      return formatMoney(String(value), names);
    case 'Integer':
    case 'BigInt':
      return groupDigits(String(value), 0, names.format);
    case 'Decimal':
    case 'Double':
      return groupDigits(String(value), attribute.precision ?? 2, names.format);
    case 'EntityName':
      return names.table(String(value));
    default:
      return undefined;
  }
}

/** `$20,000.00`, `($5.00)` */
function formatMoney(digits: string, { currency: { symbol, places }, format }: DisplayNames): string {
  const number = groupDigits(digits.replace('-', ''), places, format);
  const space = format.currencyFormat >= 2 ? ' ' : '';
  const isAfter = format.currencyFormat % 2 === 1;
  const amount = isAfter ? `${number}${space}${symbol}` : `${symbol}${space}${number}`;
  return digits.startsWith('-') ? `(${amount})` : amount;
}

/** A number with digit groups, rounded half away from zero: `-1,234.57`. Exact for any number of digits. */
export function groupDigits(
  digits: string,
  places: number,
  { numberSeparator, decimalSymbol }: Pick<UserFormat, 'numberSeparator' | 'decimalSymbol'>,
): string {
  const [integer = '', fraction] = roundDecimal(withoutExponent(digits), places).split('.');
  const grouped = integer.replace(/\B(?=(\d{3})+$)/g, numberSeparator);
  return fraction === undefined ? grouped : `${grouped}${decimalSymbol}${fraction}`;
}

/** Writes a number without an exponent; a Double can be `1e+21`. */
function withoutExponent(digits: string): string {
  return /e/i.test(digits)
    ? Number(digits).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : digits;
}
