const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const maxInt64 = 2n ** 63n - 1n;

/** A decimal number as an integer scaled by 10^`scale`. `exact` is false when digits were cut off. */
export interface ScaledInteger {
  readonly units: bigint;
  readonly exact: boolean;
}

/**
 * Parses `-12.50` at scale 4 as -125000 units. More digits are cut off towards minus infinity. Undefined when the
 * text is not a number or has more than 100 digits.
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

/**
 * Rounds a decimal number (without exponent) half away from zero: `1.005` with 2 places is `1.01`. Exact for any
 * number of digits.
 */
export function roundDecimal(text: string, places: number): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  const padded = fraction.padEnd(places + 1, '0');
  const roundsUp = padded.charAt(places) >= '5' ? 1n : 0n;
  return sign + fromUnits(`${BigInt(whole + padded.slice(0, places)) + roundsUp}`, places);
}

/**
 * An amount divided by a rate, with this many decimal places, rounded half away from zero; null when the amount is no
 * number. A rate that is not positive counts as 1.
 */
export function divideAmount(amount: string, rate: string, scale: number): string | null {
  const rateScale = 10;
  const dividend = toUnits(amount, scale)?.units;
  if (dividend === undefined) return null;
  const rateUnits = toUnits(rate, rateScale)?.units ?? 0n;
  if (rateUnits <= 0n) return fromUnits(`${dividend}`, scale);
  const size = (dividend < 0n ? -dividend : dividend) * 10n ** BigInt(rateScale);
  const quotient = (2n * size + rateUnits) / (2n * rateUnits);
  return fromUnits(`${dividend < 0n ? -quotient : quotient}`, scale);
}

/** Whether SQLite can store the number as an integer. */
export const fitsInt64 = (units: bigint): boolean => units <= maxInt64 && units >= -maxInt64;

/** The inverse of `toUnits`, for a text from SQLite: `-125000` at scale 4 is `-12.5000`. */
export function fromUnits(units: string, scale: number): string {
  if (scale === 0) return units;
  const negative = units.startsWith('-');
  const digits = (negative ? units.slice(1) : units).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * A number to compare with scaled integers. If digits were cut off, it is the middle between two integers, so that it
 * equals none.
 */
export function toComparableNumber(text: string, scale: number): bigint | number {
  const scaled = toUnits(text, scale);
  if (!scaled || !fitsInt64(scaled.units)) return Number(text) * 10 ** scale;
  return scaled.exact ? scaled.units : Number(scaled.units) + 0.5;
}
