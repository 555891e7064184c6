const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const maxInt64 = 2n ** 63n - 1n;

/** A decimal as an integer of `scale` more digits; `exact` is false when digits were left over. */
export interface ScaledInteger {
  readonly units: bigint;
  readonly exact: boolean;
}

/**
 * Reads `-12.50` at scale 4 as -125000 units. Digits beyond the scale are cut off towards minus infinity.
 * Undefined when the text is no number, or one of more than a hundred digits.
 */
export function toUnits(text: string, scale: number): ScaledInteger | undefined {
  const match = decimalPattern.exec(text.trim());
  if (!match || !(match[2] || match[3])) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent) + scale - fraction.length;
  if (Math.abs(shift) > 100 || whole.length + fraction.length > 100) return undefined;
  const digits = BigInt(whole + fraction);
  const signed = sign === '-' ? -digits : digits;
  if (shift >= 0) return { units: signed * 10n ** BigInt(shift), exact: true };
  const divisor = 10n ** BigInt(-shift);
  const exact = signed % divisor === 0n;
  return { units: signed / divisor - (!exact && signed < 0n ? 1n : 0n), exact };
}

/** Whether SQLite can hold it as an integer. */
export const fitsInt64 = (units: bigint): boolean => units <= maxInt64 && units >= -maxInt64;

/** The opposite of `toUnits`, for text that SQLite gives: `-125000` at scale 4 is `-12.5000`. */
export function fromUnits(units: string, scale: number): string {
  if (scale === 0) return units;
  const negative = units.startsWith('-');
  const digits = (negative ? units.slice(1) : units).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * A number to compare scaled integers with: exact where it can be, and where digits are left over the middle
 * between its two neighbors, so that it is greater than the one, less than the other and equal to none.
 */
export function toComparableNumber(text: string, scale: number): bigint | number {
  const scaled = toUnits(text, scale);
  if (!scaled || !fitsInt64(scaled.units)) return Number(text) * 10 ** scale;
  return scaled.exact ? scaled.units : Number(scaled.units) + 0.5;
}
