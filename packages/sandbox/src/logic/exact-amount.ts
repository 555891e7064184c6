import { fromUnits, roundDecimal, toUnits } from '../store/decimal.ts';
import type { ColumnValue } from '../store/types.ts';

/** Digits behind the point while calculating; enough for amounts (4) times quantities and percentages. */
const scale = 10;
const one = 10n ** BigInt(scale);

/** An exact number: a multiple of 10^-10. */
export type ExactAmount = bigint;

/** A number of a row; 0 without a value. */
export function toAmount(value: ColumnValue | undefined): ExactAmount {
  return toUnits(String(value ?? 0), scale)?.units ?? 0n;
}

export const multiply = (a: ExactAmount, b: ExactAmount): ExactAmount => (a * b) / one;
export const divide = (a: ExactAmount, b: ExactAmount): ExactAmount => (b === 0n ? 0n : (a * one) / b);
export const percentOf = (amount: ExactAmount, percentage: ExactAmount): ExactAmount =>
  multiply(amount, percentage) / 100n;

/** The value of a money column: four digits behind the point. */
export const toMoney = (amount: ExactAmount): string => roundDecimal(fromUnits(`${amount}`, scale), 4);
