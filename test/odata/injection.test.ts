import { expect } from 'chai';
import fc from 'fast-check';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json } from '../../src/model/json.ts';
import type { PlaceholderPosition, PlaceholderType } from '../../src/model/template.ts';
import { encodeQuery } from '../../src/odata/encode-url.ts';
import { encodeValue } from '../../src/odata/encode-value.ts';

/** `HOSTILE_CASES=200000` for a long run. */
const numRuns = Number(process.env.HOSTILE_CASES ?? 4000);

const id = 'c65127ed-2097-e711-80eb-00155db75426';
const names = ['createdon', 'title'];

/** Every type of a placeholder, with a harmless value. */
const types: readonly (readonly [PlaceholderType, Json])[] = [
  [{ kind: 'string' }, 'harmless'],
  [{ kind: 'uuid' }, id],
  [{ kind: 'integer' }, 5],
  [{ kind: 'bigint' }, '5'],
  [{ kind: 'decimal' }, '5.5'],
  [{ kind: 'boolean' }, true],
  [{ kind: 'date' }, '2024-01-01'],
  [{ kind: 'date-time' }, '2024-01-01T00:00:00Z'],
  [{ kind: 'choice', choices: { high: 1 } }, 'high'],
  [
    {
      kind: 'lookup',
      targets: [{ table: 'account', logicalName: 'account', entitySet: 'accounts', navigation: 'a' }],
    },
    { id },
  ],
  [{ kind: 'name', names }, 'title'],
  [{ kind: 'any' }, 'harmless'],
  [{ kind: 'array', items: { kind: 'string' } }, ['harmless']],
  [{ kind: 'names', names }, ['title']],
];

const fragments = [
  "'",
  "''",
  "'''",
  '"',
  '\\',
  '\\"',
  ' or 1 eq 1',
  ') or (1 eq 1',
  "') or startswith(title,'",
  '%',
  '%27',
  '%2527',
  '%00',
  '_',
  '[',
  ']',
  '[^a]',
  '(',
  ')',
  '/',
  '//',
  '../',
  '?',
  '&',
  '&$filter=',
  '#',
  ';',
  ',',
  ':',
  '=',
  '@p1',
  '$select',
  '{{input.x}}',
  '\r\n',
  '\r\nX: y',
  '\0',
  '\u2019',
  '\uff07',
  '\u02bc',
  '\ud800',
  '\udc00',
  '🚀',
  '<',
  '>',
  '*',
  '+',
  ' ',
  '\t',
  'null',
  'true',
  'eq',
  'a',
  '0',
  id,
  '-',
  '.',
  'e9',
];
const hostileText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...fragments) },
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
/** Good values of every type, and what looks like them. */
const nearlyGood: readonly Json[] = [
  'title',
  'createdon',
  'title ',
  'high',
  'constructor',
  id,
  `${id}\n`,
  `${id}' or '1`,
  `{${id}}`,
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  "2024-01-01T00:00:00Z'",
  '5',
  '5.5',
  '1 or 1',
  5,
  -0,
  1e300,
  -1e-9,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  true,
];
const hostileScalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...nearlyGood) },
  fc.double().map((value): Json => value),
);
const hostile: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: hostileScalar },
  fc.array(hostileScalar, { maxLength: 3 }),
  fc.record({ id: hostileScalar, table: hostileScalar }, { requiredKeys: [] }) as fc.Arbitrary<Json>,
);
const cases = fc.tuple(fc.constantFrom(...types), hostile);

/** The encoded text of a value, or undefined if the value is rejected (which is always safe). */
function render(position: PlaceholderPosition, type: PlaceholderType, value: Json): string | undefined {
  try {
    return encodeValue(value, { path: ['input', 'x'], type, position });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'INPUT_INVALID') return undefined;
    throw error;
  }
}

/** The encoded text of a harmless value. If the hostile value is written without quotes, so is the harmless one. */
function harmless(
  position: PlaceholderPosition,
  type: PlaceholderType,
  [good, bad]: readonly [Json, Json],
): string {
  if (bad === null) return 'null';
  const replacement = type.kind === 'any' && typeof bad !== 'string' ? 5 : good;
  return render(position, type, replacement) ?? expect.fail('only the hostile value was accepted');
}

/** Checks that a hostile value, where it is accepted at all, leaves the same structure as a harmless one. */
function keepsStructure(position: PlaceholderPosition, structureOf: (encoded: string) => unknown): void {
  let accepted = 0;
  const property = fc.property(cases, ([[type, good], bad]) => {
    const rendered = render(position, type, bad);
    if (rendered === undefined) return;
    accepted++;
    expect(structureOf(rendered)).to.deep.equal(structureOf(harmless(position, type, [good, bad])));
  });
  fc.assert(property, { numRuns, examples: types.map((type) => [[type, type[1]]]) });
  expect(accepted).to.be.greaterThan(0);
}

/**
 * The structure of a filter, read by code that is independent of the engine: `S` for a string, `V` for a value or word
 * without quotes, and every other character as it is.
 */
function skeleton(filter: string): string {
  let out = '';
  for (let i = 0; i < filter.length; ) {
    const character = filter[i]!;
    if (character === "'") {
      for (i++; i < filter.length; i++) {
        if (filter[i] !== "'") continue;
        if (filter[i + 1] !== "'") break;
        i++;
      }
      if (i >= filter.length) throw new Error('a string without end');
      out += 'S';
      i++;
    } else if (/[A-Za-z0-9_]/.test(character) || (character === '-' && /\d/.test(filter[i + 1] ?? ''))) {
      while (i < filter.length && /[\w.:+-]/.test(filter[i]!)) i++;
      out += 'V';
    } else {
      if (character !== ' ') out += character;
      i++;
    }
  }
  return out;
}

describe('encodeValue: a hostile value does not change the structure of', function () {
  this.timeout(Math.max(300_000, numRuns * 5));

  it('a filter, as a value', () => {
    keepsStructure('filter-value', (encoded) =>
      skeleton(`statecode eq 0 and (title eq ${encoded}) or contains(name,'x')`),
    );
  });

  it('a filter, as search text; its wildcards are plain characters', () => {
    keepsStructure('filter-text', (encoded) => {
      const open = encoded.replaceAll('[%]', '').replaceAll('[_]', '').replaceAll('[[]', '');
      expect(open).to.not.match(/[%_[]/);
      return skeleton(`contains(title,${encoded}) and statecode eq 0`);
    });
  });

  it('a filter, as a list', () => {
    keepsStructure('filter-list', (encoded) => {
      const items: unknown = JSON.parse(encoded);
      expect(items).to.be.an('array');
      for (const item of items as unknown[]) expect(item).to.be.a('string');
      return 'list';
    });
  });

  for (const position of ['filter-name', 'order', 'segment'] as const) {
    it(`a query or path, as a name (${position})`, () => {
      keepsStructure(position, (encoded) => {
        expect(names).to.include(encoded);
        return 'name';
      });
    });
  }

  it('a $select', () => {
    keepsStructure('select', (encoded) => {
      for (const name of encoded.split(',')) expect(names).to.include(name);
      return 'names';
    });
  });

  it('a path, as a key', () => {
    keepsStructure('key', (encoded) => {
      const url = new URL(
        `https://contoso.crm.dynamics.com/api/data/v9.2/accounts(accountnumber=${encoded})/name?$select=name`,
      );
      expect(url.hash).to.equal('');
      expect([...url.searchParams.keys()]).to.deep.equal(['$select']);
      expect(url.pathname.split('/')).to.have.length(6);
      expect(encoded).to.match(/^[!-~]+$/);
      return skeleton(decodeURIComponent(url.pathname.split('/')[4]!));
    });
  });

  it('a binding of a body', () => {
    keepsStructure('bind', (encoded) => skeleton(decodeURIComponent(`/accounts(${encoded})`)));
  });

  it('a header', () => {
    keepsStructure('header', (encoded) => {
      expect(encoded).to.match(/^[ -~]*$/);
      return new Headers({ 'x-test': encoded }).has('x-test');
    });
  });

  it('a query string: values are percent-encoded once', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), hostileText, (name, value) => {
      fc.pre(name.isWellFormed() && value.isWellFormed());
      const text = encodeQuery([
        ['$filter', value],
        [name, value],
        ['$top', '5'],
      ]);
      const url = new URL(`https://contoso.crm.dynamics.com/api${text}`);
      expect(url.hash).to.equal('');
      expect([...url.searchParams]).to.deep.equal([
        ['$filter', value],
        [name, value],
        ['$top', '5'],
      ]);
    });
    fc.assert(property, { numRuns });
  });
});

describe('injection test', () => {
  it('detects an injection', () => {
    const [good, bad] = ["title eq 'x'", "title eq 'x' or 'a' eq 'a'"];
    expect(skeleton(good)).to.not.equal(skeleton(bad));
    expect(() => skeleton("title eq 'O'Brien'")).to.throw('a string without end');
  });
});
