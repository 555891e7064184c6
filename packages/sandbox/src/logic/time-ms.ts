import type { ColumnValue } from '../store/types.ts';

/** A time of a row in milliseconds since the epoch; NaN without a time, so that no comparison holds. */
export const timeMs = (value: ColumnValue | undefined): number =>
  typeof value === 'string' ? Date.parse(value) : Number.NaN;
