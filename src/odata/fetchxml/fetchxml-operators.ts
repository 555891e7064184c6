import type { MetadataColumn } from '../../model/metadata.ts';

/** The number of values that a condition of FetchXML needs. */
export type ValueCount = 'none' | 'one' | 'two' | 'many';

/** The types of columns that operators distinguish. */
export type FetchXmlColumnType = MetadataColumn['type'];

interface FetchXmlOperator {
  readonly valueCount: ValueCount;
  /** The types of columns that it accepts; all types if missing. */
  readonly columnTypes?: readonly FetchXmlColumnType[];
  /** Whether its values are whole numbers, whatever the type of the column. */
  readonly isCounting?: true;
}

const texts = ['string'] as const;
const dates = ['date', 'date-time'] as const;
const ids = ['uuid', 'lookup'] as const;
const several = ['choices'] as const;

function each(names: string, operator: FetchXmlOperator): readonly (readonly [string, FetchXmlOperator])[] {
  return names.split(' ').map((name) => [name, operator] as const);
}

/**
 * The operators of a FetchXML condition.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export const fetchXmlOperators: ReadonlyMap<string, FetchXmlOperator> = new Map([
  ...each('eq ne neq gt ge lt le', { valueCount: 'one' }),
  ...each('null not-null', { valueCount: 'none' }),
  ...each('in not-in', { valueCount: 'many' }),
  ...each('between not-between', { valueCount: 'two' }),
  ...each('like not-like begins-with not-begin-with ends-with not-end-with', {
    valueCount: 'one',
    columnTypes: texts,
  }),
  ...each('contain-values not-contain-values', { valueCount: 'many', columnTypes: several }),
  ...each(
    'eq-userid ne-userid eq-userteams eq-useroruserteams eq-useroruserhierarchy eq-useroruserhierarchyandteams eq-businessid ne-businessid',
    { valueCount: 'none', columnTypes: ids },
  ),
  ...each('eq-userlanguage', { valueCount: 'none' }),
  ...each('above eq-or-above under eq-or-under not-under', { valueCount: 'one', columnTypes: ids }),
  ...each('on on-or-after on-or-before', { valueCount: 'one', columnTypes: dates }),
  ...each('today tomorrow yesterday this-week this-month this-year this-fiscal-period this-fiscal-year', {
    valueCount: 'none',
    columnTypes: dates,
  }),
  ...each('last-seven-days last-week last-month last-year last-fiscal-period last-fiscal-year', {
    valueCount: 'none',
    columnTypes: dates,
  }),
  ...each('next-seven-days next-week next-month next-year next-fiscal-period next-fiscal-year', {
    valueCount: 'none',
    columnTypes: dates,
  }),
  ...each(
    'last-x-hours last-x-days last-x-weeks last-x-months last-x-years last-x-fiscal-periods last-x-fiscal-years',
    { valueCount: 'one', columnTypes: dates, isCounting: true },
  ),
  ...each(
    'next-x-hours next-x-days next-x-weeks next-x-months next-x-years next-x-fiscal-periods next-x-fiscal-years',
    { valueCount: 'one', columnTypes: dates, isCounting: true },
  ),
  ...each(
    'olderthan-x-minutes olderthan-x-hours olderthan-x-days olderthan-x-weeks olderthan-x-months olderthan-x-years',
    { valueCount: 'one', columnTypes: dates, isCounting: true },
  ),
  ...each('in-fiscal-period in-fiscal-year', { valueCount: 'one', columnTypes: dates, isCounting: true }),
  ...each(
    'in-fiscal-period-and-year in-or-after-fiscal-period-and-year in-or-before-fiscal-period-and-year',
    { valueCount: 'two', columnTypes: dates, isCounting: true },
  ),
]);

/** The operators that can compare a column with another one: `valueof`. */
export const columnComparisonOperators: ReadonlySet<string> = new Set('eq ne neq gt ge lt le'.split(' '));
