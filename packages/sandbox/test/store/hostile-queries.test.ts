import { expect } from 'chai';
import { parseFilter } from 'dynamics365-connector/odata';
import fc from 'fast-check';
import { queryFunctions } from '../../../../src/odata/query/query-functions.ts';
import { createStoreFixture, type StoreFixture } from './fixture.ts';

const columns = [
  'title',
  'prioritycode',
  'createdon',
  'customerid',
  'isescalated',
  'incidentid',
  'versionnumber',
];
const wireNames = [
  'title',
  'prioritycode',
  'createdon',
  '_customerid_value',
  'isescalated',
  'incidentid',
  'nope',
];
const numbers = ['1', '-1', '0', '99999999999999999999', '1.5', '1e308', '-0'];
const wild = fc.oneof(
  fc.constantFrom(
    "'; DROP TABLE incident; --",
    '%',
    '[',
    '[^',
    '[]',
    '[a-',
    '\0',
    '\ud800',
    '*?',
    'null',
    ...numbers,
  ),
  fc.constantFrom('2024-01-01', '2024-01-01T00:00:00Z', '00000000-0000-4000-8000-00000000000a', 'true'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

describe('store: hostile queries', () => {
  let fixture: StoreFixture;
  before(() => {
    fixture = createStoreFixture();
    fixture.add('incident', { title: 'x', customerid: fixture.add('account', { name: 'y' }) });
  });
  after(() => fixture.store.close());

  /** Runs or rejects a filter without naming SQL in the error, and leaves the rows unchanged. */
  const survives = (filter: string): void => {
    const parsed = parseFilter(filter);
    if (!parsed.ok) return;
    try {
      fixture.store.query('incident', { filter: parsed.value, actor: fixture.actor, count: true });
    } catch (error) {
      expect((error as Error).name, filter).to.equal('DataverseError');
      expect((error as Error).message, filter).not.to.contain('SQL');
    }
  };
  const intact = () => expect(fixture.store.count('incident')).to.equal(1);

  it('keeps quotes inside literals', () => {
    const comparison = fc
      .tuple(fc.constantFrom(...wireNames), fc.constantFrom('eq', 'ne', 'gt', 'le'), wild)
      .map(([column, operator, value]) => `${column} ${operator} ${quoted(value)}`);
    const text = fc
      .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), fc.constantFrom(...wireNames), wild)
      .map(([name, column, value]) => `${name}(${column},${quoted(value)})`);
    const number = fc
      .tuple(fc.constantFrom(...wireNames), fc.constantFrom(...numbers))
      .map(([column, value]) => `not (${column} ge ${value})`);
    fc.assert(fc.property(fc.oneof(comparison, text, number), survives), { numRuns: 2000 });
    intact();
  });

  it('runs or rejects every query function on every column type', () => {
    const call = fc
      .tuple(fc.constantFrom(...Object.keys(queryFunctions)), fc.constantFrom(...columns), wild, wild)
      .map(([name, column, one, other]) => {
        const parameters = queryFunctions[name]!.map((parameter, index) =>
          parameter === 'PropertyValues'
            ? `${parameter}=${JSON.stringify([one, other])}`
            : `${parameter}=${quoted(index === 0 ? one : other)}`,
        );
        const all = [`PropertyName='${column}'`, ...parameters].join(',');
        return `not Microsoft.Dynamics.CRM.${name}(${all})`;
      });
    fc.assert(fc.property(call, survives), { numRuns: 3000 });
    intact();
  });

  it('runs or rejects every FetchXML operator on every column type', () => {
    const operators = [
      ...['eq', 'ne', 'gt', 'like', 'not-like', 'begins-with', 'ends-with', 'in', 'not-in', 'between'],
      ...['null', 'on', 'last-x-days', 'next-x-years', 'olderthan-x-minutes', 'in-fiscal-period', 'under'],
      ...['contain-values', 'eq-userid', 'eq-or-above', 'this-week', 'in-or-after-fiscal-period-and-year'],
    ];
    const condition = fc.tuple(fc.constantFrom(...operators), fc.constantFrom(...columns), wild, wild);
    fc.assert(
      fc.property(condition, ([operator, column, one, other]) => {
        const safe = (text: string) =>
          text.replace(/[^\w %[\]^*?;'-]/gu, '').replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
        const values = `<value>${safe(one)}</value><value>${safe(other)}</value>`;
        const filter = `<filter><condition attribute='${column}' operator='${operator}'>${values}</condition></filter>`;
        try {
          fixture.store.fetchXml(`<fetch><entity name='incident'>${filter}</entity></fetch>`, fixture.actor);
        } catch (error) {
          expect((error as Error).name, filter).to.equal('DataverseError');
          expect((error as Error).message, filter).not.to.contain('SQL');
        }
      }),
      { numRuns: 2000 },
    );
    intact();
  });
});
