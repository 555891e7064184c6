import { expect } from 'chai';
import { compileFilter } from '../../src/feed/match-filter.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ColumnType, Table } from '../../src/model/table.ts';
import { caseTable } from './fixtures.ts';

const column = (name: string, type: ColumnType) => ({ ...caseTable.columns[0]!, name, wireName: name, type });
const table: Table = {
  ...caseTable,
  columns: [
    ...caseTable.columns,
    column('count', 'integer'),
    column('amount', 'decimal'),
    column('done', 'boolean'),
    column('day', 'date'),
    column('choice', 'choice'),
    column('choices', 'choices'),
  ],
};
const id = '00000000-0000-4000-8000-00000000000a';

const judge = (filter: string, row: JsonObject) => compileFilter(filter, table)?.matches(row);

/** The rows of a column for which a filter holds, of a lower, an equal, a higher and an empty value. */
function holds(filter: string, name: string, values: readonly (number | string | boolean)[]) {
  return [...values, null, undefined].map((value) =>
    judge(filter, value === undefined ? {} : { [name]: value }),
  );
}

describe('compileFilter: each comparison', () => {
  const expected = {
    eq: [false, true, false, false, false],
    ne: [true, false, true, true, true],
    gt: [false, false, true, false, false],
    ge: [false, true, true, false, false],
    lt: [true, false, false, false, false],
    le: [true, true, false, false, false],
  };
  const mirrored = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' };
  const opposite = { eq: 'ne', ne: 'eq', gt: 'le', ge: 'lt', lt: 'ge', le: 'gt' } as const;
  for (const [operator, result] of Object.entries(expected)) {
    it(`${operator}: of numbers, times and dates, and of rows without a value`, () => {
      expect(holds(`count ${operator} 5`, 'count', [4, 5, 6])).to.deep.equal(result);
      expect(holds(`amount ${operator} 5.5`, 'amount', [5.4, '5.5', 5.6])).to.deep.equal(result);
      expect(holds(`choice ${operator} 5`, 'choice', [4, 5, 6])).to.deep.equal(result);
      const days = ['2026-01-01', '2026-01-02', '2026-01-03'];
      expect(holds(`day ${operator} 2026-01-02`, 'day', days)).to.deep.equal(result);
      const times = days.map((day) => `${day}T10:00:00Z`);
      expect(holds(`createdon ${operator} 2026-01-02T10:00:00Z`, 'createdon', times)).to.deep.equal(result);
    });

    it(`${operator}: the same with the value first, and negated`, () => {
      const turned = mirrored[operator as keyof typeof mirrored];
      expect(holds(`5 ${turned} count`, 'count', [4, 5, 6])).to.deep.equal(result);
      const negated = opposite[operator as keyof typeof opposite];
      expect(holds(`not (count ${negated} 5)`, 'count', [4, 5, 6])).to.deep.equal(result);
      expect(holds(`not (not (count ${operator} 5))`, 'count', [4, 5, 6])).to.deep.equal(result);
    });
  }

  it('yes/no, ids and lookups are equal or not, ids in any case', () => {
    expect(holds('done eq true', 'done', [true, false])).to.deep.equal([true, false, false, false]);
    expect(holds('done ne true', 'done', [true, false])).to.deep.equal([false, true, true, true]);
    expect(holds(`_queueid_value eq ${id}`, '_queueid_value', [id.toUpperCase(), 'x'])).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
    expect(holds(`incidentid ne ${id}`, 'incidentid', [id, 'x'])).to.deep.equal([false, true, true, true]);
  });

  it('null: rows without a value are equal to it, and no row is above or below it', () => {
    expect(holds('count eq null', 'count', [0, 1])).to.deep.equal([false, false, true, true]);
    expect(holds('count ne null', 'count', [0, 1])).to.deep.equal([true, true, false, false]);
    expect(holds('not (count eq null)', 'count', [0, 1])).to.deep.equal([true, true, false, false]);
    expect(holds('count gt null', 'count', [0, 1])).to.deep.equal([false, false, false, false]);
  });

  it('a value of another type than the column matches nothing', () => {
    for (const operator of ['eq', 'ne']) {
      expect(judge(`done ${operator} true`, { done: 'true' })).to.equal(false);
      expect(judge(`incidentid ${operator} ${id}`, { incidentid: 7 })).to.equal(false);
      expect(judge(`day ${operator} 2026-01-02`, { day: 7 })).to.equal(false);
      expect(judge(`count ${operator} 5`, { count: true })).to.equal(false);
    }
  });

  it('and, or, not: also of several terms, negated', () => {
    const rows = [0, 1].flatMap((count) => [true, false].map((done) => ({ count, done })));
    const of = (filter: string) => rows.map((row) => judge(filter, row));
    expect(of('count eq 1 and done eq true')).to.deep.equal([false, false, true, false]);
    expect(of('count eq 1 or done eq true')).to.deep.equal([true, false, true, true]);
    expect(of('not (count eq 1 and done eq true)')).to.deep.equal([true, true, false, true]);
    expect(of('not (count eq 1 or done eq true)')).to.deep.equal([false, true, false, false]);
  });

  it('leaves to Dataverse what a row does not tell', () => {
    for (const filter of [
      'count eq true',
      "count eq '5'",
      'done eq 1',
      'done gt true',
      `_queueid_value gt ${id}`,
      '_queueid_value eq 5',
      'day eq 2026-01-02T10:00:00Z',
      'day eq 5',
      'createdon eq 2026-01-02',
      'createdon eq 2026-01-02T10:00:00.5Z',
      "title eq 'a'",
      'choices eq 5',
      '5 eq 5',
      'customerid/count eq 5',
      'count eq amount',
      'count eq 5 and unknown eq 5',
      "count eq 5 or contains(title,'a')",
      "not (title eq 'a')",
    ])
      expect(compileFilter(filter, table), filter).to.equal(undefined);
  });
});
