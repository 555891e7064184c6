import { expect } from 'chai';
import fc from 'fast-check';
import { parseExactJson } from '../../src/model/exact-json.ts';
import { parseLargeJson } from '../../src/odata/parse-large-json.ts';
import '../support/fixed-seed.ts';

const encoder = new TextEncoder();

function inParts(text: string, size: number): readonly Uint8Array[] {
  const bytes = encoder.encode(text);
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

describe('parseLargeJson', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('},{', '"value":[', 'ü€😀'));
  const anyRow = fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.constant(null)), { maxKeys: 4 });

  it('returns what JSON.parse returns, and the length of the text, wherever the body is divided', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: anyRow }, fc.integer()), { maxLength: 12 }),
        fc.option(fc.webUrl(), { nil: undefined }),
        fc.integer({ min: 1, max: 200 }),
        (rows, nextLink, size) => {
          const text = JSON.stringify({ '@odata.context': 'c', value: rows, '@odata.nextLink': nextLink });
          const parsed = parseLargeJson(inParts(text, size));
          // Undefined leaves a list whose items are not rows to the parser of the whole text.
          if (parsed === undefined) expect(rows.some((row) => typeof row === 'number')).to.equal(true);
          else expect([JSON.stringify(parsed.json), parsed.chars]).to.deep.equal([text, text.length]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('cuts a part that is as large as the body', () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => ({ n: `${n}`, amount: 1.5, text: 'ä'.repeat(50) }));
    const text = `{"value":${JSON.stringify(rows).replace('1.5', '9007199254740993')}}`;
    const parsed = parseLargeJson(inParts(text, text.length * 2));
    expect(parsed).to.deep.equal({ json: parseExactJson(text), chars: text.length });
  });

  for (const text of ['{"value":[{"a":1},{"a":2}', '', 'x', '{"value":[{"a":1},{"a":2}],"value":3}'])
    it(`leaves ${text === '' ? 'an empty body' : text} to the parser of the whole text`, () => {
      const { json } = parseLargeJson(inParts(text, 3)) ?? {};
      expect(json ?? null).to.equal(null);
    });
});
