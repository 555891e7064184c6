import { nullGuid } from '../guid.ts';
import { divide, type ExactAmount, multiply, toAmount, toMoney } from '../logic/exact-amount.ts';
import { findRows, readReferenced } from '../logic/find-rows.ts';
import { timeMs } from '../logic/time-ms.ts';
import { formatDateTime } from '../store/date-time.ts';
import { roundDecimal } from '../store/decimal.ts';
import { referenceId } from '../store/entity-reference.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readRowParameter, readStringParameter } from './parameters.ts';
import { rowResponse } from './row-response.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** `_state` of a rollup column whose value was calculated. */
const calculated = 1;

/** Operations on rollup columns. */
export const rollupOperations: readonly WebApiOperation[] = [
  {
    name: 'CalculateRollupField',
    kind: 'function',
    parameters: { Target: 'required', FieldName: 'required' },
    run: calculateRollup,
  },
];

type Rollup = (store: OrganizationStore, row: StoredRow) => ColumnValues;

/** The values of a rollup column and its parts, by table and column. */
const rollups: Readonly<Record<string, Rollup>> = {
  'account.opendeals': (store, account) => ({ opendeals: openOpportunities(store, account).length }),
  'account.openrevenue': (store, account) => {
    const revenue = sumOf(openOpportunities(store, account), 'estimatedvalue_base');
    const currency = readReferenced(store, account.values.transactioncurrencyid);
    const rate = toAmount(currency?.values.exchangerate ?? 1);
    return { openrevenue: toMoney(multiply(revenue, rate)) };
  },
  'knowledgearticle.knowledgearticleviews': (store, { id }) => {
    const views = findRows(store, 'knowledgearticleviews', `_knowledgearticleid_value eq ${id}`);
    const counts = views.map(({ values }) => Number(values.knowledgearticleview ?? 0));
    return { knowledgearticleviews: counts.reduce((sum, count) => sum + count, 0) };
  },
  'knowledgearticle.rating': (store, { id }) => {
    const rated = findRows(store, 'feedback', `_regardingobjectid_value eq ${id} and rating ne null`);
    const sum = sumOf(rated, 'rating');
    const average = toMoney(divide(sum, toAmount(rated.length)));
    return {
      rating: rated.length === 0 ? null : roundDecimal(average, 2),
      rating_sum: roundDecimal(toMoney(sum), 2),
      rating_count: rated.length,
    };
  },
};

const openOpportunities = (store: OrganizationStore, { id }: StoredRow): readonly StoredRow[] =>
  findRows(store, 'opportunity', `_parentaccountid_value eq ${id} and statecode eq 0`);

const sumOf = (rows: readonly StoredRow[], column: string): ExactAmount =>
  rows.reduce((sum, { values }) => sum + toAmount(values[column]), 0n);

/** Calculates a rollup column and stores it; the row does not count as modified. */
function calculateRollup(call: OperationContext): WebApiResponse {
  const { org } = call.context;
  const row = readRowParameter(call, 'Target');
  const name = readStringParameter(call, 'FieldName');
  const calculate = rollups[`${row.table}.${name}`];
  if (!calculate)
    throw invalidArgument(`The attribute '${name}' of '${row.table}' is not a rollup attribute.`);
  const values = {
    ...calculate(org.systemStore, row),
    [`${name}_date`]: formatDateTime(org.now()),
    [`${name}_state`]: calculated,
  };
  const changed = keepModified(org.systemStore, row, values);
  return rowResponse(call, changed, Object.keys(values));
}

/** Updates a row that keeps its time and user of modification. */
function keepModified(store: OrganizationStore, row: StoredRow, values: ColumnValues): StoredRow {
  const { modifiedon, modifiedby } = row.values;
  const userId = referenceId(modifiedby) ?? nullGuid;
  const update = { table: row.table, id: row.id, values, actor: { userId } };
  return store.withTime(timeMs(modifiedon), () => store.update(update));
}
