import { expect } from 'chai';
import fc from 'fast-check';
import type { Filter, Literal, Operand, PropertyPath } from '../../../src/odata/query/ast.ts';
import { parseApply } from '../../../src/odata/query/parse-apply.ts';
import { parseOrderBy, parseSelect } from '../../../src/odata/query/parse-columns.ts';
import { parseExpand } from '../../../src/odata/query/parse-expand.ts';
import { parseFilter } from '../../../src/odata/query/parse-filter.ts';
import { parseQueryString } from '../../../src/odata/query/parse-query-string.ts';
import { printFilter } from '../../../src/odata/query/print-filter.ts';
import { queryFunctions } from '../../../src/odata/query/query-functions.ts';

const parsers = { parseFilter, parseOrderBy, parseSelect, parseExpand, parseApply, parseQueryString };

describe('query parsers with hostile input', () => {
  const fragments =
    "( ) ( ) [ ] , / : ; = * ' '' 'x' \" \"y\" and or not eq in a b/c o:o/d any( all( contains( Microsoft.Dynamics.CRM.In( PropertyName= PropertyValues=[ 1 -2.5 2024-01-01 null true @p $select= $expand= $ref groupby(( aggregate( $count as filter( \u0000 \ud800 é".split(
      ' ',
    );
  const randomQuery = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).chain((picked) => {
    return fc.constantFrom(' ', '').map((separator) => picked.join(separator));
  });

  it('return a value or errors with spans inside the text, and never throw', () => {
    fc.assert(
      fc.property(fc.oneof(randomQuery, fc.string({ unit: 'binary' })), (text) => {
        for (const parse of Object.values(parsers)) {
          const parsed = parse(text);
          if (parsed.ok) continue;
          expect(parsed.diagnostics).to.not.be.empty;
          for (const { start, end } of parsed.diagnostics) {
            expect(start).to.be.within(0, text.length);
            expect(end).to.be.within(start, text.length);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reject a text of one megabyte by its length', () => {
    const text = 'a eq 1 or '.repeat(100_000);
    const parsed = parseFilter(text);
    expect(parsed)
      .to.have.nested.property('diagnostics[0].message')
      .that.matches(/^The text has 1000000 characters/);
  });

  for (const [name, text] of Object.entries({
    parentheses: '('.repeat(60_000),
    negations: 'not '.repeat(15_000),
    lambdas: 'a/any(a:'.repeat(8_000),
  })) {
    it(`reject endless ${name} by their depth`, () => {
      const parsed = parseFilter(text);
      expect(parsed).to.have.property('diagnostics').with.length(1);
      expect(parsed).to.have.nested.property('diagnostics[0].message', 'Nested deeper than 64 levels.');
    });
  }

  it('accept a long chain of conditions', () => {
    const parsed = parseFilter(`a eq 1${' or a eq 1'.repeat(6000)}`);
    expect(parsed).to.have.nested.property('value.terms').with.length(6001);
  });

  it('do not find inherited properties', () => {
    expect(parseFilter("Microsoft.Dynamics.CRM.constructor(PropertyName='a')").ok).to.equal(false);
    expect(parseExpand('a(__proto__=1)').ok).to.equal(false);
    expect(parseExpand('a(constructor=1)').ok).to.equal(false);
  });
});

describe('printFilter', () => {
  it('writes text that parses to the same tree', () => {
    fc.assert(
      fc.property(filters.node, (filter) => {
        const text = printFilter(filter);
        const parsed = parseFilter(text);
        if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.diagnostics)}`);
        expect(withoutSpans(parsed.value)).to.deep.equal(withoutSpans(filter));
      }),
      { numRuns: 1500 },
    );
  });
});

const span = { start: 0, end: 0 };
const name = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,8}$/)
  .filter((text) => !/^(and|or|not|eq|ne|gt|ge|lt|le|null|true|false|any|all)$/.test(text));
const path: fc.Arbitrary<PropertyPath> = fc
  .array(name, { minLength: 1, maxLength: 3 })
  .map((segments) => ({ kind: 'path', segments, ...span }));
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom("'", '"', '\\', '%', '(', ' and ', '@p1'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});
const number = fc.oneof(fc.integer().map(String), fc.stringMatching(/^-?\d{1,30}\.\d{1,30}$/));
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const listItem: fc.Arbitrary<Literal> = fc.oneof(
  fc.constant<Literal>({ kind: 'null', ...span }),
  fc.boolean().map((value): Literal => ({ kind: 'boolean', value, ...span })),
  number.map((text): Literal => ({ kind: 'number', text, ...span })),
  text.map((value): Literal => ({ kind: 'string', value, ...span })),
);
const literal: fc.Arbitrary<Literal> = fc.oneof(
  listItem,
  fc.uuid().map((text): Literal => ({ kind: 'guid', text, ...span })),
  day.map((text): Literal => ({ kind: 'datetime', text, ...span })),
  day.map((text): Literal => ({ kind: 'date', text: text.slice(0, 10), ...span })),
  fc
    .tuple(name, text)
    .map(([type, member]): Literal => ({ kind: 'enum', type: `ns.${type}`, member, ...span })),
);
const operand: fc.Arbitrary<Operand> = fc.oneof(path, literal);
const queryFunction = fc
  .constantFrom(...Object.entries(queryFunctions))
  .chain(([name, parameters]): fc.Arbitrary<Filter> => {
    const many = parameters[0] === 'PropertyValues';
    const pair = name.endsWith('Between') ? { minLength: 2, maxLength: 2 } : { maxLength: 4 };
    const count = { minLength: parameters.length, maxLength: parameters.length };
    const values = many ? fc.array(listItem, pair) : fc.array(literal, count);
    return fc.record({
      kind: fc.constant('function' as const),
      name: fc.constant(name),
      path,
      values,
      start: fc.constant(0),
      end: fc.constant(0),
    });
  });

const filters = fc.letrec<{ node: Filter; leaf: Filter }>((tie) => ({
  leaf: fc.oneof(
    queryFunction,
    fc
      .tuple(fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'), operand, operand)
      .map(([operator, left, right]) => ({ kind: 'compare', operator, left, right, ...span }) as Filter),
    fc
      .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), path, text)
      .map(
        ([name, path, value]) =>
          ({ kind: 'text', name, path, value: { kind: 'string', value, ...span }, ...span }) as Filter,
      ),
    path.map((path): Filter => ({ kind: 'lambda', quantifier: 'any', path, ...span })),
  ),
  node: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
      .map(([kind, terms]) => ({ kind, terms, ...span }) as Filter),
    tie('node').map((term): Filter => ({ kind: 'not', term, ...span })),
    fc
      .tuple(fc.constantFrom('any', 'all'), path, name, tie('node'))
      .map(
        ([quantifier, path, variable, body]) =>
          ({ kind: 'lambda', quantifier, path, variable, body, ...span }) as Filter,
      ),
  ),
}));

/** A tree without its spans, which the generated trees do not have. */
function withoutSpans(filter: Filter): unknown {
  return JSON.parse(
    JSON.stringify(filter, (key, value) => (key === 'start' || key === 'end' ? undefined : value)),
  );
}
