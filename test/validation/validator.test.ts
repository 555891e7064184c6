import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonSchema } from '../../src/model/json.ts';
import { generateValidatorSource } from '../../src/validation/ajv.ts';
import type { ValidateFunction } from '../../src/validation/collect-issues.ts';
import { createPrecompiledValidator } from '../../src/validation/precompiled-validator.ts';
import { createValidator, type Validator } from '../../src/validation/validator.ts';

/** A validator whose schema is compiled to source and loaded as a module, as in a bundle. */
const precompiled: Pick<Validator, 'issues'> = {
  issues(schema, value) {
    const exports: Record<string, ValidateFunction> = {};
    const load = new Function('require', 'exports', generateValidatorSource({ it: schema }));
    load(createRequire(new URL('../../src/validation/', import.meta.url)), exports);
    return createPrecompiledValidator(new Map([[schema, exports.it!]])).issues(schema, value);
  },
};

const { issues: issuesOf, withDefaults } = createValidator();

/** The issues of a value. The precompiled validator must give the same ones. */
function issues(schema: JsonSchema, value: unknown) {
  const found = issuesOf(schema, value);
  expect(precompiled.issues(schema, value)).to.deep.equal(found);
  return found;
}

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['title'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 5 },
    priority: { anyOf: [{ type: 'string', enum: ['high', 'normal', 'low'] }, { type: 'integer' }] },
    count: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
    note: { type: ['string', 'null'] },
    tags: { type: 'array', uniqueItems: true, maxItems: 2, items: { type: 'string' } },
    nested: {
      type: 'object',
      additionalProperties: false,
      properties: { a: { type: 'boolean', default: true } },
    },
  },
};

const messagesOf = (value: unknown) => issues(schema, value).map(({ path, message }) => `${path} ${message}`);
const accepts = (format: string, value: string) => issues({ type: 'string', format }, value).length === 0;

describe('validator', () => {
  it('reports all issues at once, each with its JSON Pointer', () => {
    expect(messagesOf({ title: '', count: 11, tags: ['a', 'a', 'b'] })).to.have.members([
      '/title must not be empty',
      '/count must be at most 10',
      '/tags must have at most 2 items',
      '/tags must not have the same item twice',
    ]);
  });

  it('reports missing properties and suggests the nearest name for an unknown one', () => {
    expect(messagesOf({ tilte: 'x' })).to.have.members([
      '/title "title" is required',
      '/tilte unknown property "tilte": did you mean "title"?',
    ]);
  });

  it('describes all allowed types and values in one message', () => {
    expect(messagesOf({ title: 'a', priority: 'urgent', note: 1 })).to.deep.equal([
      '/priority must be one of: high, normal, low or a whole number',
      '/note must be text or null',
    ]);
  });

  it('does not repeat the value in a message', () => {
    const secret = 'hunter2-hunter2';
    const all = JSON.stringify(
      issues(schema, { title: secret, priority: secret, count: secret, note: [secret], nested: secret }),
    );
    expect(all).not.to.include('hunter2');
  });

  it('escapes names in pointers (RFC 6901)', () => {
    expect(issues(schema, { title: 'a', 'x/y~z': 1 }).map(({ path }) => path)).to.deep.equal(['/x~1y~0z']);
  });

  it('ignores inherited properties: names of Object.prototype are unknown and do not satisfy "required"', () => {
    const hostile = JSON.parse('{"title":"a","__proto__":{"x":1},"constructor":1,"toString":2}') as object;
    expect(issues(schema, hostile).map(({ path }) => path)).to.have.members([
      '/__proto__',
      '/constructor',
      '/toString',
    ]);
    expect(issues({ type: 'object', required: ['toString'] }, {})).to.have.length(1);
  });

  it('fills in defaults in a copy, at any depth, and does not change the value', () => {
    const given = Object.freeze({ title: 'a', nested: Object.freeze({}) });
    expect(withDefaults(schema, given)).to.deep.equal({ title: 'a', nested: { a: true }, count: 3 });
    expect(given).to.deep.equal({ title: 'a', nested: {} });
    expect(withDefaults(schema, { title: 'a', count: null })).to.deep.equal({ title: 'a', count: null });
  });

  it('does not change a prototype for any input', () => {
    const names = fc.constantFrom('__proto__', 'constructor', 'prototype', 'title', 'nested', 'a');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constant(1),
        fc.dictionary(names, tie('value'), { noNullPrototype: true }),
        fc.array(tie('value'), { maxLength: 2 }),
      ),
    }));
    fc.assert(
      fc.property(value, (input) => {
        const copy = withDefaults(schema, JSON.parse(JSON.stringify(input)));
        issuesOf(schema, copy);
        expect(({} as { a?: unknown; title?: unknown }).a).to.equal(undefined);
        expect(Object.getPrototypeOf(Object(copy))).to.be.oneOf([
          Object.prototype,
          Array.prototype,
          Number.prototype,
        ]);
      }),
    );
  });

  it('rejects a schema with an unknown keyword', () => {
    expect(() => issuesOf({ type: 'string', maxlength: 3 }, 'a')).to.throw(/maxlength/);
    expect(() => generateValidatorSource({ it: { type: 'string', maxlength: 3 } })).to.throw(/maxlength/);
  });

  it('throws for a schema that is not precompiled', () => {
    expect(() => createPrecompiledValidator(new Map()).issues(schema, {})).to.throw(/no precompiled check/);
  });
});

describe('formats', () => {
  const id = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
  const cases: Readonly<Record<string, { good: readonly string[]; bad: readonly string[] }>> = {
    uuid: {
      good: [id, id.toUpperCase()],
      bad: [`urn:uuid:${id}`, `{${id}}`, id.replaceAll('-', ''), `${id} `, ''],
    },
    date: {
      good: ['2024-02-29', '1753-01-01'],
      bad: ['2023-02-29', '2024-13-01', '2024-1-1', '0024-01-01', '2024-02-29T00:00:00Z'],
    },
    'date-time': {
      good: ['2026-01-15T09:00:00Z', '2026-01-15t09:00:00.1234567+05:30'],
      bad: [
        '2026-01-15T09:00:60Z',
        '2026-02-30T09:00:00Z',
        '2026-01-15T09:00:00',
        '2026-01-15 09:00:00Z',
        '2026-01-15T24:00:00Z',
      ],
    },
    'dataverse-origin': {
      good: [
        'https://contoso.crm.dynamics.com',
        'https://contoso.crm4.dynamics.com/',
        'https://contoso.crm.microsoftdynamics.us',
        'http://127.0.0.1:8080',
        'http://localhost:5100',
      ],
      bad: [
        'http://contoso.crm.dynamics.com',
        'https://contoso.crm.dynamics.com/main.aspx',
        'https://user@contoso.crm.dynamics.com',
        'https://contoso.crm.dynamics.com:8443',
        'https://contoso.crm.dynamics.com?x=1',
        'https://contoso.crm.dynamics.com#x',
        'https://contoso.crm.dynamics.com\\@evil.example',
        ' https://contoso.crm.dynamics.com',
        'https://10.0.0.1',
        'https://contoso',
        'https://еvil.crm.dynamics.com',
        'ftp://contoso.crm.dynamics.com',
      ],
    },
    email: {
      good: ['anna@contoso.com', "o'hara@x.de", 'jürgen@müller.de', '用户@例子.广告', 'अजय@डाटा.भारत'],
      bad: ['anna', 'anna@', '@x.de', 'a b@x.de', 'jürgen', 'ü@', 'ü ü@x.de', 'a@\u00a0x.de', '“ü”@x.de'],
    },
    uri: { good: ['https://contoso.com/a?b=c'], bad: ['contoso', '/a', 'https://a b'] },
    regex: { good: ['^a+$'], bad: ['(', 'a{2,1}'] },
    'entra-tenant': {
      good: [id, 'contoso.onmicrosoft.com', 'contoso.co.uk'],
      bad: ['common', 'contoso', 'contoso.onmicrosoft.com/x', '-a.com', 'a..com', ''],
    },
  };
  for (const [format, { good, bad }] of Object.entries(cases)) {
    it(`${format}: accepts valid values and rejects others`, () => {
      expect(good.filter((value) => !accepts(format, value))).to.deep.equal([]);
      expect(bad.filter((value) => accepts(format, value))).to.deep.equal([]);
    });
  }
});
