import { expect } from 'chai';
import type { JsonSchema } from 'dynamics365-connector';
import { readInput } from '../src/read-input.ts';
import { readTypedValue } from '../src/read-typed-value.ts';

describe('--set', () => {
  const text = { type: 'string' };
  const choice = { anyOf: [{ type: 'string', enum: ['high', '2'] }, { type: 'integer' }, { type: 'null' }] };
  const cases: readonly (readonly [string, JsonSchema | undefined, unknown])[] = [
    ['100200', text, '100200'],
    ['true', text, 'true'],
    ['null', text, 'null'],
    ['1e5', text, '1e5'],
    ['null', { type: ['string', 'null'] }, null],
    ['90210', { type: 'integer' }, 90210],
    ['true', { type: ['boolean', 'null'] }, true],
    ['12.50', { type: ['number', 'string'] }, '12.50'],
    ['12.5', { type: ['number', 'string'] }, 12.5],
    ['9007199254740993', { type: ['number', 'string'] }, '9007199254740993'],
    ['high', choice, 'high'],
    ['3', choice, 3],
    ['2', choice, '2'],
    ['["a"]', { type: 'array', items: text }, ['a']],
    ['name, phone', { type: 'array', items: text }, ['name', 'phone']],
    ['42', { type: ['array', 'null'], items: { enum: ['42', 'b'] } }, ['42']],
    ['null', { type: ['array', 'null'], items: text }, null],
    ['a,b', { type: 'array', items: { type: 'object' } }, 'a,b'],
    ['{"table":"account"}', { type: 'object' }, { table: 'account' }],
    ['42', undefined, 42],
    ['plain', undefined, 'plain'],
  ];
  for (const [value, schema, expected] of cases) {
    it(`reads ${value} for ${JSON.stringify(schema?.type ?? schema ?? 'no schema')} as ${JSON.stringify(expected)}`, () =>
      expect(readTypedValue(value, schema)).to.deep.equal(expected));
  }

  it('follows names with dots into the schema', async () => {
    const schema = { properties: { customer: { properties: { id: text } }, limit: { type: 'integer' } } };
    const input = await readInput({ set: ['customer.id=123', 'limit=5'] }, () => schema);
    expect(input).to.deep.equal({ customer: { id: '123' }, limit: 5 });
  });

  it('keeps the digits of numbers that a double would round', async () => {
    const input = await readInput({ input: '{"values":{"new_big":9007199254740993}}' }, () => undefined);
    expect(input).to.deep.equal({ values: { new_big: '9007199254740993' } });
  });
});
