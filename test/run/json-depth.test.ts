import { expect } from 'chai';
import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import type { PlaceholderType } from '../../src/model/template.ts';
import { encodeJsonValue } from '../../src/run/codec/encode-json-value.ts';
import { compileJsonShaper } from '../../src/run/codec/shape-json-value.ts';

/** A type, and a value of it as a caller writes and reads it. */
interface Typed {
  readonly type: PlaceholderType;
  readonly value: Json;
}

const choices = { low: 10, high: 20 };
const target = {
  table: 'case',
  logicalName: 'incident',
  entitySet: 'incidents',
  navigation: 'x',
  key: 'incidentid',
};
const nullable = (value: fc.Arbitrary<Json>) => fc.option(value, { freq: 9 });

const scalar: fc.Arbitrary<Typed> = fc.oneof(
  nullable(fc.string()).map((value): Typed => ({ type: { kind: 'string' }, value })),
  nullable(fc.constantFrom('low', 'high')).map(
    (value): Typed => ({ type: { kind: 'choice', choices }, value }),
  ),
  nullable(fc.uniqueArray(fc.constantFrom('low', 'high'), { minLength: 1 })).map(
    (value): Typed => ({ type: { kind: 'choices', choices }, value }),
  ),
  nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)).map(
    (value): Typed => ({ type: { kind: 'bigint' }, value }),
  ),
  nullable(fc.uuid().map((id) => ({ table: 'case', id }))).map(
    (value): Typed => ({ type: { kind: 'lookup', targets: [target] }, value }),
  ),
);

const { tree } = fc.letrec<{ tree: Typed }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.tuple(scalar, fc.nat(3)).map(([{ type, value }, length]) => ({
      type: { kind: 'array' as const, items: type },
      value: Array.from({ length }, () => value),
    })),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('tree'), { maxKeys: 4 }).map((members) => ({
      type: {
        kind: 'object' as const,
        members: Object.fromEntries(
          Object.entries(members).map(([name, { type }]) => [name, { type, wireName: `W_${name}` }]),
        ),
      },
      value: Object.fromEntries(Object.entries(members).map(([name, { value }]) => [name, value])),
    })),
  ),
}));

/** What Dataverse reads from a request, with every digit. */
const overTheWire = (value: Json): Json =>
  JSON.parse(JSON.stringify(value), (_key, member, context?: { readonly source?: string }) =>
    typeof member === 'number' && !Number.isSafeInteger(member) ? (context?.source ?? member) : member,
  );

describe('values of inputs and outputs at any depth', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(tree, ({ type, value }) => {
        const wire = overTheWire(encodeJsonValue(value, type, { path: '', tables: {} }));
        expect(compileJsonShaper(type, {})(wire, {})).to.deep.equal(value);
      }),
    );
  });

  it('are numbers and references on the wire, in the names of Dataverse', () => {
    const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
    const type: PlaceholderType = {
      kind: 'array',
      items: {
        kind: 'object',
        members: {
          level: { type: { kind: 'choice', choices }, wireName: 'Level' },
          parent: { type: { kind: 'lookup', targets: [target] }, wireName: 'parent' },
        },
      },
    };
    const value = [{ level: 'low', parent: { table: 'case', id } }];
    expect(encodeJsonValue(value, type, { path: '', tables: {} })).to.deep.equal([
      { Level: 10, parent: { '@odata.type': 'Microsoft.Dynamics.CRM.incident', incidentid: id } },
    ]);
  });
});
