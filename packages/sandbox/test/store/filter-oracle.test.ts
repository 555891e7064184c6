import { expect } from 'chai';
import fc from 'fast-check';
import type { ColumnValues } from '../../src/store/types.ts';
import { createStoreFixture } from './fixture.ts';

/** A condition in the reference implementation, and as text. */
interface Condition {
  readonly text: string;
  readonly holds: (row: ColumnValues) => boolean;
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const texts = ['a', 'B', 'ab', 'Äb', 'zz', '', '%', 'a_b'];
const numbers = [-2, 0, 1, 7];
const amounts = ['-1.5', '0', '0.0001', '12.34'];
const moments = ['2024-01-01T00:00:00Z', '2024-06-01T12:00:00Z', '2024-06-01T12:00:01Z'];

type Order = -1 | 0 | 1;
const order = <T extends string | number>(a: T, b: T): Order => (a < b ? -1 : a > b ? 1 : 0);

/** The operators for values that are not null; for null, only `ne` matches. */
const operators: Readonly<Record<string, (order: Order) => boolean>> = {
  eq: (o) => o === 0,
  ne: (o) => o !== 0,
  gt: (o) => o > 0,
  ge: (o) => o >= 0,
  lt: (o) => o < 0,
  le: (o) => o <= 0,
};

const compare = (
  column: string,
  literals: readonly (readonly [text: string, orderOf: (value: never) => Order])[],
): fc.Arbitrary<Condition> =>
  fc
    .tuple(fc.constantFrom(...Object.keys(operators)), fc.constantFrom(...literals))
    .map(([operator, [literal, orderOf]]) => ({
      text: `${column} ${operator} ${literal}`,
      holds: (row) => {
        const value = row[column] ?? null;
        return value === null ? operator === 'ne' : operators[operator]!(orderOf(value as never));
      },
    }));

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  compare(
    'name',
    texts.map((text) => [`'${text}'`, (value: string) => order(fold(value), fold(text))] as const),
  ),
  compare(
    'numberofemployees',
    numbers.map((n) => [`${n}`, (value: number) => order(value, n)] as const),
  ),
  compare(
    'revenue',
    amounts.map((text) => [text, (value: string) => order(Number(value), Number(text))] as const),
  ),
  compare(
    'lastusedincampaign',
    moments.map((text) => [text, (value: string) => order(value, text)] as const),
  ),
  compare('creditonhold', [
    ['true', (value: boolean) => order(Number(value), 1)],
    ['false', (value: boolean) => order(Number(value), 0)],
  ]),
  fc.constantFrom('name', 'numberofemployees', 'revenue').map((column) => ({
    text: `${column} eq null`,
    holds: (row: ColumnValues) => (row[column] ?? null) === null,
  })),
  fc.tuple(fc.constantFrom('contains', 'startswith', 'endswith'), fc.constantFrom('a', 'B', 'ä', 'z')).map(
    ([name, part]): Condition => ({
      text: `${name}(name,'${part}')`,
      holds: (row) => {
        const value = fold((row.name as string | null) ?? '');
        const has = { contains: 'includes', startswith: 'startsWith', endswith: 'endsWith' } as const;
        return row.name != null && value[has[name as keyof typeof has]](fold(part));
      },
    }),
  ),
);

/** `not` inverts the operator of a comparison, so that rows without a value do not match `not gt`. */
const negated = ({ text, holds }: Condition): Condition => {
  const match = / (eq|ne|gt|ge|lt|le) /.exec(text);
  const column = text.split(' ')[0]!;
  const ordering = match && match[1] !== 'eq' && match[1] !== 'ne' && !text.includes('(');
  return {
    text: `not (${text})`,
    holds: (row) => (ordering && (row[column] ?? null) === null ? false : !holds(row)),
  };
};

const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(leaf, leaf.map(negated)),
    fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([one, word, other]) => ({
      text: `(${one.text}) ${word} (${other.text})`,
      holds: (row: ColumnValues) =>
        word === 'and' ? one.holds(row) && other.holds(row) : one.holds(row) || other.holds(row),
    })),
  ),
})).any;

const maybe = <T>(items: readonly T[]) => fc.option(fc.constantFrom(...items), { nil: null });
const row = fc.record({
  name: maybe(texts),
  numberofemployees: maybe(numbers),
  revenue: maybe(amounts),
  lastusedincampaign: maybe(moments),
  creditonhold: maybe([true, false]),
});

describe('store: filter compared with a reference implementation', () => {
  it('finds the same rows for random filters', () => {
    const fixture = createStoreFixture();
    const rows = fc.sample(row, { numRuns: 150, seed: 7 });
    const ids = rows.map((values) => fixture.add('account', values).id);
    fc.assert(
      fc.property(condition, ({ text, holds }) => {
        const found = new Set(fixture.find('account', { filter: text }, { select: [] }).map(({ id }) => id));
        const expected = new Set(ids.filter((_, index) => holds(rows[index]!)));
        expect(found, text).to.deep.equal(expected);
      }),
      { numRuns: 600 },
    );
    fixture.store.close();
  });
});
