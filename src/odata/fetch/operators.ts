import type { ColumnType } from '../../model/table.ts';

/** How many values a condition of FetchXML takes. */
export type Values = 'none' | 'one' | 'two' | 'many';

interface Operator {
  readonly values: Values;
  /** Kinds of column it works on; any when left out. */
  readonly on?: readonly (ColumnType | 'other')[];
}

const texts = ['string'] as const;
const dates = ['date', 'date-time'] as const;
const ids = ['uuid', 'lookup'] as const;
const several = ['choices'] as const;

function each(names: string, operator: Operator): readonly (readonly [string, Operator])[] {
  return names.split(' ').map((name) => [name, operator] as const);
}

/**
 * The operators of a FetchXML condition.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export const fetchOperators: ReadonlyMap<string, Operator> = new Map([
  ...each('eq ne neq gt ge lt le', { values: 'one' }),
  ...each('null not-null', { values: 'none' }),
  ...each('in not-in', { values: 'many' }),
  ...each('between not-between', { values: 'two' }),
  ...each('like not-like begins-with not-begin-with ends-with not-end-with', { values: 'one', on: texts }),
  ...each('contain-values not-contain-values', { values: 'many', on: several }),
  ...each(
    'eq-userid ne-userid eq-userteams eq-useroruserteams eq-useroruserhierarchy eq-useroruserhierarchyandteams eq-businessid ne-businessid',
    { values: 'none', on: ids },
  ),
  ...each('eq-userlanguage', { values: 'none' }),
  ...each('above eq-or-above under eq-or-under not-under', { values: 'one', on: ids }),
  ...each('on on-or-after on-or-before', { values: 'one', on: dates }),
  ...each('today tomorrow yesterday this-week this-month this-year this-fiscal-period this-fiscal-year', {
    values: 'none',
    on: dates,
  }),
  ...each('last-seven-days last-week last-month last-year last-fiscal-period last-fiscal-year', {
    values: 'none',
    on: dates,
  }),
  ...each('next-seven-days next-week next-month next-year next-fiscal-period next-fiscal-year', {
    values: 'none',
    on: dates,
  }),
  ...each(
    'last-x-hours last-x-days last-x-weeks last-x-months last-x-years last-x-fiscal-periods last-x-fiscal-years',
    { values: 'one', on: dates },
  ),
  ...each(
    'next-x-hours next-x-days next-x-weeks next-x-months next-x-years next-x-fiscal-periods next-x-fiscal-years',
    { values: 'one', on: dates },
  ),
  ...each(
    'olderthan-x-minutes olderthan-x-hours olderthan-x-days olderthan-x-weeks olderthan-x-months olderthan-x-years',
    { values: 'one', on: dates },
  ),
  ...each('in-fiscal-period in-fiscal-year', { values: 'one', on: dates }),
  ...each(
    'in-fiscal-period-and-year in-or-after-fiscal-period-and-year in-or-before-fiscal-period-and-year',
    { values: 'two', on: dates },
  ),
]);
