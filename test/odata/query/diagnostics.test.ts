import { expect } from 'chai';
import type { ParseDiagnostic, ParseResult } from '../../../src/odata/query/ast.ts';
import { parseApply } from '../../../src/odata/query/parse-apply.ts';
import { parseOrderBy, parseSelect } from '../../../src/odata/query/parse-columns.ts';
import { parseExpand } from '../../../src/odata/query/parse-expand.ts';
import { parseFilter } from '../../../src/odata/query/parse-filter.ts';
import { parseQueryString } from '../../../src/odata/query/parse-query-string.ts';

/** The underlined part of the text, the beginning of the message, and the fix if there is one. */
type Expected = readonly [under: string, message: string, fix?: string];
type Table = readonly (readonly [text: string, ...diagnostics: Expected[]])[];

const crm = 'Microsoft.Dynamics.CRM.';

const filters: Table = [
  ['', ['', 'Expected a value, but the text ends here.']],
  ['isescalated', ['isescalated', 'A comparison is missing', 'Write isescalated eq true.']],
  ['a eq', ['', 'Expected a value, but the text ends here.']],
  ['a eq 1 and', ['', 'Expected a value, but the text ends here.']],
  ['a = 1', ['=', 'Expected eq, ne, gt, ge, lt or le, found "="', 'Write eq.']],
  ['a EQ 1', ['EQ', 'Expected eq, ne, gt, ge, lt or le, found "EQ"', 'Write eq.']],
  ['a eqq 1', ['eqq', 'Expected eq', 'Write eq.']],
  ['a like 1', ['like', 'Expected eq', "Write contains(column,'text')."]],
  ["a in ('x')", ['in', 'Expected eq', `Write ${crm}In(PropertyName='column',PropertyValues=["a","b"]).`]],
  ['a eq 1 b eq 2', ['b', 'Expected "and", "or" or the end, found "b"']],
  ['a eq 1 && b eq 2', ['&', 'Expected "and", "or" or the end, found "&"']],
  ['a eq 1)', [')', 'Expected "and", "or" or the end, found ")"']],
  ['(a eq 1', ['(', 'This parenthesis is never closed.', 'Add ")".']],
  ["a eq 'b", ["'b", 'This quote is never closed.', "Double the quotes inside a string: 'O''Brien'."]],
  [
    "lastname eq 'O'Bryan'",
    ["'", 'The string ends at this quote.', "Double the quotes inside a string: 'O''Brien'."],
  ],
  [
    'a eq "b"',
    ['"b"', 'A string must be in single quotes.', "Write 'value'; double quotes only inside [ ]."],
  ],
  ["a eq'b'", ["eq'b'", 'Expected eq, ne, gt, ge, lt or le, found a value']],
  ['a eq 2024-02-30', ['2024-02-30', 'This is not a valid date or date-time.']],
  ['a eq 2023-02-29', ['2023-02-29', 'This is not a valid date or date-time.']],
  ['a eq 2024-01-01T00:00:60Z', ['2024-01-01T00:00:60Z', 'This is not a valid date or date-time.']],
  ['a eq 2024-01-01T00:00:00', ['2024-01-01T00:00:00', 'A date-time needs its offset.', 'Add Z for UTC.']],
  ['a eq 12abc', ['12abc', 'This is not a number, a date or an id.', 'Put text in single quotes.']],
  ['a eq 1.5M', ['1.5M', 'This is not a number']],
  ["a eq guid'x'", ["guid'x'", "guid'…' is OData 2.", 'Write the value without the name and the quotes.']],
  ['not a eq 1', ['a eq 1', '"not" binds tighter than a comparison.', 'Put the comparison in parentheses.']],
  ["tolower(a) eq 'b'", ['tolower', 'Dataverse has no function "tolower".']],
  ["contain(a,'b')", ['contain', 'Dataverse has no function "contain".', 'Did you mean contains?']],
  ['contains(a,5)', ['5', 'contains needs a string.', 'Put it in single quotes.']],
  ["contains(name 'x')", ["'x'", 'Expected ",", found a value']],
  ["in(PropertyName='a')", ['in', 'Dataverse has no function "in".', `Did you mean ${crm}In?`]],
  [
    `${crm}Betwen(PropertyName='a')`,
    [`${crm}Betwen`, 'Dataverse has no query function', `Did you mean ${crm}Between?`],
  ],
  [`${crm}In(PropertyName='a')`, [`${crm}In`, 'In needs PropertyValues.']],
  [`${crm}Today()`, [')', 'Expected a parameter', "Write PropertyName='column'."]],
  [`${crm}Today(PropertyName='a',PropertyValue=1)`, [`${crm}Today`, 'Today has no parameter PropertyValue.']],
  [`${crm}Today(PropertyName='a b')`, ["'a b'", 'PropertyName must be the name of one column.']],
  [`${crm}Today(PropertyName='a',PropertyName='b')`, ['PropertyName', 'PropertyName is given twice.']],
  [`${crm}Between(PropertyName='a',PropertyValues=["1"])`, [`${crm}Between`, 'Between needs two values.']],
  [`${crm}In(PropertyName='a',PropertyValues=['it''s'])`, ["'it''s'", 'A list is JSON']],
  [`${crm}In(PropertyName='a',PropertyValues='b')`, ["'b'", 'Expected a list', 'Write ["a","b"].']],
  [`${crm}In(PropertyName='a',PropertyValues=["\\x"])`, ['"\\x"', 'This is not a JSON string.']],
  ['a/$count gt 5', ['$count', '"$count" is not allowed here.', 'Use any() to check whether rows exist.']],
  ['a/all()', ['all', 'all() needs a condition.', 'Write all(o:o/column eq 1).']],
  ['a/any(b eq 1)', ['eq', 'Expected ":"', 'Name the variable first: any(o:o/column eq 1).']],
  ['a eq @p1', ['@p1', 'An alias cannot be used here.', 'Write its value.']],
  // Several errors.
  [
    'a eq and b = 2 or c',
    ['and', 'Expected a value'],
    ['=', 'Expected eq'],
    ['c', 'A comparison is missing'],
  ],
  [
    '(a eq ) and contains(b) or c eq 2024-13-01',
    [')', 'Expected a value'],
    [')', 'Expected ","'],
    ['2024-13-01', 'This is not a valid date'],
  ],
];

const others: readonly [name: string, parse: (text: string) => ParseResult<unknown>, table: Table][] = [
  ['$filter', (text) => parseFilter(text), filters],
  [
    '$orderby',
    (text) => parseOrderBy(text),
    [
      ['name descending', ['descending', 'Expected the end, found "descending"']],
      ['name desc,,b', [',', 'Expected a column, found ","']],
      ["'name'", ["'name'", 'Expected a column, found a value']],
    ],
  ],
  [
    '$select',
    parseSelect,
    [
      ['', ['', 'Expected a column, but the text ends here.']],
      ['name;b', [';', 'Expected the end, found ";"']],
      ['a b,c', ['b', 'Expected the end, found "b"']],
    ],
  ],
  [
    '$expand',
    parseExpand,
    [
      ['a($skip=5)', ['$skip', 'Dataverse does not support $skip inside $expand.']],
      ['a($slect=b)', ['$slect', 'Dataverse does not support $slect', 'Did you mean $select?']],
      [
        'a($top=x;$filter=b)',
        ['x', 'Expected a whole number'],
        ['b', 'A comparison is missing', 'Write b eq true.'],
      ],
      ['a($select=b;$select=c)', ['$select', '$select is given twice.']],
      ['a($select=b', ['(', 'This parenthesis is never closed.', 'Add ")".']],
      ['a/$count', ['$count', '"$count" is not allowed here.']],
    ],
  ],
  [
    '$apply',
    (text) => parseApply(text),
    [
      ['sum(a)', ['sum', 'Expected filter, groupby or aggregate']],
      [
        'groupby((a))/orderby(a)',
        ['orderby', 'Expected filter', 'Use $orderby next to $apply, with a grouped column.'],
      ],
      ['groupby(a)', ['a', 'Expected "("', 'Write groupby((column)).']],
      ['aggregate(a with avg as b)', ['avg', 'Expected sum, min, max, average, countdistinct']],
      ['aggregate(a with summ as b)', ['summ', 'Expected sum', 'Did you mean sum?']],
      ['aggregate($count)', [')', 'Expected "as"']],
    ],
  ],
  [
    'a query string',
    parseQueryString,
    [
      ['$top=1&$top=2', ['$top=2', '$top is given twice.']],
      [
        'a=%zz&b=%ff',
        ['a=%zz', 'The percent-encoding is broken.'],
        ['b=%ff', 'The percent-encoding is broken.'],
      ],
    ],
  ],
];

for (const [name, parse, table] of others) {
  describe(`diagnostics of ${name}`, () => {
    for (const [text, ...expected] of table) {
      it(`reports ${expected.length} in: ${text || '(an empty text)'}`, () => {
        const diagnostics = diagnosticsOf(parse(text));
        expect(diagnostics.map(({ start, end }) => text.slice(start, end))).to.deep.equal(
          expected.map(([under]) => under),
        );
        expected.forEach(([, message, fix], index) => {
          expect(diagnostics[index]!.message).to.match(new RegExp(`^${escaped(message)}`));
          if (fix) expect(diagnostics[index]!.fix).to.equal(fix);
        });
      });
    }
  });
}

describe('diagnostics of a query', () => {
  it('do not contain values, which can be personal data', () => {
    for (const text of [
      "a eq 'O'secret'",
      "a eq 'secret' 'secret'",
      'a eq 1 "secret"',
      "contains(a 'secret')",
      'a 12345 b',
    ]) {
      expect(JSON.stringify(diagnosticsOf(parseFilter(text)))).to.not.match(/secret|12345/);
    }
  });

  it('are limited to 20', () => {
    const text = Array.from({ length: 500 }, () => 'a = 1').join(' and ');
    expect(diagnosticsOf(parseFilter(text))).to.have.length(20);
  });
});

function diagnosticsOf(parsed: ParseResult<unknown>): readonly ParseDiagnostic[] {
  return parsed.ok ? [] : parsed.diagnostics;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
