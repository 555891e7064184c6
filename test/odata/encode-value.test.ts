import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json } from '../../src/model/json.ts';
import type { PlaceholderPosition, PlaceholderType } from '../../src/model/template.ts';
import { encodeValue } from '../../src/odata/encode-value.ts';

const id = 'c65127ed-2097-e711-80eb-00155db75426';
const priority: PlaceholderType = { kind: 'choice', choices: { high: 1, normal: 2 } };
const columns: PlaceholderType = { kind: 'name', names: ['createdon', 'title'] };
const customer: PlaceholderType = {
  kind: 'lookup',
  targets: [
    { table: 'account', logicalName: 'account', entitySet: 'accounts', navigation: 'customerid_account' },
    { table: 'contact', logicalName: 'contact', entitySet: 'contacts', navigation: 'customerid_contact' },
  ],
};
const owner: PlaceholderType = { kind: 'lookup', targets: customer.targets!.slice(0, 1) };

const written: readonly (readonly [
  position: PlaceholderPosition,
  type: PlaceholderType,
  value: Json,
  text: string,
])[] = [
  ['filter-value', { kind: 'string' }, "O'Brien", "'O''Brien'"],
  ['filter-value', { kind: 'string' }, '100% _[x]', "'100% _[x]'"],
  ['filter-value', { kind: 'string' }, '', "''"],
  ['filter-value', { kind: 'uuid' }, id.toUpperCase(), id],
  ['filter-value', { kind: 'integer' }, -42, '-42'],
  ['filter-value', { kind: 'integer' }, -0, '0'],
  ['filter-value', { kind: 'bigint' }, '9223372036854775807', '9223372036854775807'],
  ['filter-value', { kind: 'decimal' }, '0.10', '0.10'],
  ['filter-value', { kind: 'decimal' }, 12.5, '12.5'],
  ['filter-value', { kind: 'boolean' }, true, 'true'],
  ['filter-value', { kind: 'date' }, '2024-02-29', '2024-02-29'],
  ['filter-value', { kind: 'date-time' }, '2024-01-01T01:30:00+02:00', '2023-12-31T23:30:00Z'],
  ['filter-value', { kind: 'date-time' }, '2024-01-01T01:30:00.250Z', '2024-01-01T01:30:00.250Z'],
  ['filter-value', priority, 'high', '1'],
  ['filter-value', priority, 100000001, '100000001'],
  ['filter-value', customer, { table: 'account', id }, id],
  ['filter-value', customer, id, id],
  ['filter-value', columns, 'title', "'title'"],
  ['filter-value', { kind: 'any' }, "it's", "'it''s'"],
  ['filter-value', { kind: 'any' }, 5, '5'],
  ['filter-value', { kind: 'any' }, false, 'false'],
  ['filter-value', { kind: 'uuid' }, null, 'null'],
  ['filter-text', { kind: 'string' }, "50% o'clock_[a]", "'50[%] o''clock[_][[]a]'"],
  [
    'filter-list',
    { kind: 'array', items: { kind: 'string' } },
    ["O'Brian", 'a"b\\'],
    '["O\'Brian","a\\"b\\\\"]',
  ],
  ['filter-list', { kind: 'array', items: { kind: 'integer' } }, [5, 2000], '["5","2000"]'],
  ['filter-list', { kind: 'array', items: priority }, ['high', 7], '["1","7"]'],
  ['filter-list', { kind: 'choices', choices: { a: 1, b: 2 } }, ['a', 'b'], '["1","2"]'],
  ['filter-list', { kind: 'names', names: ['a'] }, ['a'], '["a"]'],
  ['filter-list', { kind: 'array' }, [], '[]'],
  ['filter-name', columns, 'createdon', 'createdon'],
  ['order', columns, 'createdon', 'createdon'],
  ['select', { kind: 'names', names: ['a', 'b'] }, ['b', 'a'], 'b,a'],
  ['segment', columns, 'title', 'title'],
  ['key', { kind: 'uuid' }, id, id],
  ['key', { kind: 'string' }, "O'Brien & Söhne".replace('&', 'und'), "'O''Brien%20und%20S%C3%B6hne'"],
  ['key', { kind: 'integer' }, 7, '7'],
  ['key', { kind: 'date-time' }, '2024-01-01T00:00:00Z', '2024-01-01T00%3A00%3A00Z'],
  ['key', priority, 'high', '1'],
  ['key', customer, { id }, id],
  ['key', columns, 'title', "'title'"],
  ['bind', { kind: 'uuid' }, id, id],
  ['bind', customer, { table: 'contact', id }, `/contacts(${id})`],
  ['bind', owner, { id }, `/accounts(${id})`],
  ['header', { kind: 'string' }, 'plain ~text!', 'plain ~text!'],
  ['text', { kind: 'string' }, "any 'text'\n", "any 'text'\n"],
  ['text', { kind: 'integer' }, 3, '3'],
  ['json', { kind: 'object' }, { a: [null] }, '{"a":[null]}'],
];

const rejected: readonly (readonly [position: PlaceholderPosition, type: PlaceholderType, value: Json])[] = [
  ['filter-value', { kind: 'string' }, 5],
  ['filter-value', { kind: 'string' }, 'lone \ud800 surrogate'],
  ['filter-value', { kind: 'uuid' }, `urn:uuid:${id}`],
  ['filter-value', { kind: 'uuid' }, `{${id}}`],
  ['filter-value', { kind: 'uuid' }, `${id}\n`],
  ['filter-value', { kind: 'uuid' }, id.replaceAll('-', '')],
  ['filter-value', { kind: 'integer' }, 1e300],
  ['filter-value', { kind: 'integer' }, 1.5],
  ['filter-value', { kind: 'integer' }, '1 or 1 eq 1'],
  ['filter-value', { kind: 'bigint' }, '1e3'],
  ['filter-value', { kind: 'bigint' }, 2 ** 60],
  ['filter-value', { kind: 'decimal' }, 1e21],
  ['filter-value', { kind: 'decimal' }, '1e3'],
  ['filter-value', { kind: 'decimal' }, Number.NaN],
  ['filter-value', { kind: 'decimal' }, '1\n'],
  ['filter-value', { kind: 'boolean' }, 'true'],
  ['filter-value', { kind: 'date' }, '2023-02-29'],
  ['filter-value', { kind: 'date' }, '2024-01-01T00:00:00Z'],
  ['filter-value', { kind: 'date-time' }, '2024-01-01T23:59:60Z'],
  ['filter-value', { kind: 'date-time' }, '2024-01-01T00:00:00'],
  ['filter-value', { kind: 'date-time' }, '2024-02-30T00:00:00Z'],
  ['filter-value', { kind: 'date-time' }, '0000-01-01T00:00:00+10:00'],
  ['filter-value', { kind: 'date-time' }, '9999-12-31T23:00:00-10:00'],
  ['filter-value', priority, 'constructor'],
  ['filter-value', priority, '1'],
  ['filter-value', customer, { table: 'account' }],
  ['filter-value', columns, 'other'],
  ['filter-value', { kind: 'any' }, [1]],
  ['filter-value', { kind: 'any' }, { a: 1 }],
  ['filter-value', { kind: 'array' }, ['a']],
  ['filter-value', { kind: 'object' }, {}],
  ['filter-text', { kind: 'integer' }, 5],
  ['filter-text', { kind: 'string' }, null],
  ['filter-list', { kind: 'array', items: { kind: 'string' } }, 'a'],
  ['filter-list', { kind: 'array', items: { kind: 'string' } }, ['a', null]],
  ['filter-list', { kind: 'array', items: { kind: 'uuid' } }, ['a']],
  ['filter-list', { kind: 'string' }, ['a']],
  ['filter-name', { kind: 'string' }, 'title'],
  ['filter-name', { kind: 'name', names: ['a eq 1 or b'] }, 'a eq 1 or b'],
  ['order', columns, 'title desc'],
  ['order', columns, null],
  ['select', { kind: 'names', names: ['a'] }, []],
  ['select', { kind: 'names', names: ['a'] }, 'a'],
  ['segment', columns, '../title'],
  ['key', { kind: 'string' }, ''],
  ['key', { kind: 'uuid' }, null],
  ['bind', customer, { id }],
  ['bind', customer, { table: 'systemuser', id }],
  ['header', { kind: 'string' }, 'a\r\nb: c'],
  ['header', { kind: 'string' }, 'é'],
  ...[...'/<>*%&:\\?+#'].map((sign) => ['key', { kind: 'string' }, `a${sign}b`] as const),
];

describe('encodeValue', () => {
  for (const [position, type, value, text] of written) {
    it(`${position} ${type.kind}: ${JSON.stringify(value)} is written ${text}`, () => {
      expect(encodeValue(value, { path: ['input', 'x'], type, position })).to.equal(text);
    });
  }

  for (const [position, type, value] of rejected) {
    it(`${position} ${type.kind}: ${JSON.stringify(value)} is rejected`, () => {
      const encode = () => encodeValue(value, { path: ['input', 'x', 'id'], type, position });
      expect(encode).to.throw(ConnectorError).that.has.property('code', 'INPUT_INVALID');
    });
  }

  it('names the placeholder in the error, and not the value', () => {
    try {
      encodeValue('secret-value', {
        path: ['input', 'customer', 'id'],
        type: { kind: 'uuid' },
        position: 'key',
      });
      expect.fail('not rejected');
    } catch (error) {
      const { message, details } = error as ConnectorError;
      expect(message).to.match(/^\/customer\/id must be an id/);
      expect(details.issues?.[0]).to.include({ path: '/customer/id', keyword: 'codec' });
      expect(JSON.stringify(error)).to.not.include('secret-value');
    }
  });
});
