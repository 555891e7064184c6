import { expect } from 'chai';
import { schemaType } from '../../src/authoring/schema-type.ts';
import type { JsonSchema } from '../../src/index.ts';
import { loadConnector } from '../../src/index.ts';

const host = { kind: 'host', getToken: () => ({ token: 'x' }) } as const;

describe('types of operations', () => {
  it('do not change the client at run time', async () => {
    const connector = await loadConnector();
    const client = connector.connect({ orgUrl: 'https://contoso.crm.dynamics.com' }, host);
    expect(client.explain('case.get', { id: '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c' }).method).to.equal('GET');
  });

  const style = { nameOf: () => undefined, indent: '' };
  const written: readonly (readonly [schema: JsonSchema, type: string])[] = [
    [{ type: 'string' }, 'string'],
    [{ type: ['integer', 'null'] }, 'number | null'],
    [{ enum: ["it's", 5, true] }, "'it\\'s' | 5 | true"],
    [
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
      'readonly (string | number)[]',
    ],
    [{ type: 'object' }, 'JsonObject'],
    [{ type: 'object', additionalProperties: false }, '{ readonly [name: string]: never }'],
    [
      {
        type: 'object',
        required: ['a'],
        properties: { a: { type: 'boolean' }, 'b-c': { title: 'Two', type: 'number' } },
      },
      "{\n  readonly a: boolean;\n  /** Two. */\n  readonly 'b-c'?: number;\n}",
    ],
    [{}, 'Json'],
  ];
  for (const [schema, type] of written) {
    it(`writes ${JSON.stringify(schema)}`, () => expect(schemaType(schema, style)).to.equal(type));
  }
});
