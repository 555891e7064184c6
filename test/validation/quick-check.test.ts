import { expect } from 'chai';
import fc from 'fast-check';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';
import type { JsonSchema } from '../../src/model/json.ts';
import { compileQuickCheck } from '../../src/validation/quick-check.ts';
import { createValidator } from '../../src/validation/validator.ts';
import '../support/fixed-seed.ts';

const validator = createValidator();
const isValid = (schema: JsonSchema, value: unknown) => validator.detailedIssues(schema, value).length === 0;

/** A list whose first item is missing. */
function withHole(items: unknown[]): unknown[] {
  delete items[0];
  return items;
}

/** Values that are near the limits of the schemas below. */
const text = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('a', 'b', '😀😀', '2026-01-31', 'a4afaa2e-bdb5-4c39-a33c-dd17b545ed66'),
);
const scalar = fc.oneof(
  text,
  fc.integer({ min: -3, max: 9 }),
  fc.double(),
  fc.constantFrom<unknown>(null, true, false, undefined, Number.NaN),
);
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.constantFrom<unknown>(withHole(['a', 'b']), ['a', 'a'], [1, 1]),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'toString'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const small = fc.integer({ min: 0, max: 3 });
/** Schemas of the keywords that the quick check knows, and of one that it does not know. */
const anySchema = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonSchema>(
      { type: 'string' },
      { type: ['integer', 'null'] },
      { type: 'number' },
      { type: 'boolean' },
      { enum: ['a', 1, null] },
      { const: 'b' },
      { type: 'string', format: 'uuid' },
      { type: 'string', format: 'date' },
      { type: 'string', pattern: '^[a-b]+$' },
      { type: 'number', multipleOf: 2 },
    ),
    fc
      .record({ min: small, max: small })
      .map(({ min, max }) => ({ type: 'string', minLength: min, maxLength: max })),
    fc
      .record({ min: small, max: small })
      .map(({ min, max }) => ({ type: 'number', minimum: min, maximum: max })),
    fc
      .record({ items: tie('schema'), minItems: small, maxItems: small })
      .map((array): JsonSchema => ({ type: 'array', ...array })),
    fc
      .constantFrom('string', ['integer', 'null'], 'array')
      .map((type): JsonSchema => ({ type: 'array', items: { type }, uniqueItems: true })),
    fc
      .record({
        a: tie('schema'),
        b: tie('schema'),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        required: fc.subarray(['a', 'b']),
        minProperties: small,
      })
      .map(
        ({ a, b, ...object }): JsonSchema => ({
          type: 'object',
          properties: { a, b },
          propertyNames: { enum: ['a', 'b', 'c', 'toString'] },
          dependencies: { a: ['b'] },
          ...object,
        }),
      ),
    fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf): JsonSchema => ({ anyOf })),
    fc
      .tuple(tie('schema'), tie('schema'), tie('schema'))
      .map(([condition, then, otherwise]): JsonSchema => ({ if: condition, then, else: otherwise })),
    tie('schema').map((not): JsonSchema => ({ not })),
  ),
})).schema;

describe('compileQuickCheck', () => {
  it('accepts exactly what ajv accepts, for random schemas and values', () => {
    let compared = 0;
    fc.assert(
      fc.property(anySchema, fc.array(anyValue, { minLength: 20, maxLength: 20 }), (schema, values) => {
        const check = compileQuickCheck(schema);
        if (check === undefined) return;
        for (const value of values) {
          compared++;
          expect(check(value)).to.equal(isValid(schema, value), JSON.stringify({ schema, value }));
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 150) },
    );
    expect(compared).to.be.greaterThan(1000);
  });

  it('is undefined for a keyword that it does not know', () => {
    expect(compileQuickCheck({ type: 'number', multipleOf: 2 })).to.equal(undefined);
    expect(compileQuickCheck({ type: 'object', properties: { a: { oneOf: [] } } })).to.equal(undefined);
    expect(compileQuickCheck({ enum: [{}] })).to.equal(undefined);
  });

  it('knows every keyword in the inputs of our actions and triggers, and accepts the inputs of their tests', async () => {
    const { actions, triggers } = runtimeOf(await loadConnector()).definition;
    const unknown = [...Object.values(actions), ...Object.values(triggers)].filter(
      ({ input }) => compileQuickCheck(input) === undefined,
    );
    expect(unknown.map(({ id }) => id)).to.deep.equal([]);
    for (const { id, input, tests } of Object.values(actions)) {
      const check = compileQuickCheck(input);
      for (const test of tests) {
        const filled = validator.withDefaults(input, test.input);
        if (check?.(filled) !== true) expect(isValid(input, filled), `${id}: ${test.name}`).to.equal(false);
      }
    }
  });
});
