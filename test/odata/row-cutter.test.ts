import { expect } from 'chai';
import fc from 'fast-check';
import { parseExactJson } from '../../src/model/exact-json.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { RowCutter } from '../../src/odata/row-cutter.ts';
import '../support/fixed-seed.ts';

const encoder = new TextEncoder();

/** The rows and the end of a body that arrives in parts of these sizes. */
function cut(text: string, sizes: readonly number[] = [1]) {
  const bytes = encoder.encode(text);
  const cutter = new RowCutter();
  const groups: (readonly JsonObject[])[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    groups.push(cutter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return { groups, end: cutter.end() as JsonObject | undefined };
}

function wholeOf({ groups, end }: ReturnType<typeof cut>): JsonObject {
  return { ...end, value: [...groups.flat(), ...((end?.value ?? []) as JsonObject[])] };
}

describe('RowCutter', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('},{', '"value":[', '\\', '"}],"', 'ü€😀'),
  );
  const anyValue = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      anyText,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(anyText, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const anyRow = fc.dictionary(anyText, anyValue, { maxKeys: 4 }).map((row) => row as JsonObject);

  it('returns the rows of JSON.parse, wherever the body is divided', () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 12 }),
        fc.dictionary(anyText, anyValue, { maxKeys: 3 }),
        fc.option(fc.webUrl(), { nil: undefined }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        (rows, before, nextLink, sizes) => {
          const { value: _, ...members } = before;
          const text = JSON.stringify({ ...members, value: rows, '@odata.nextLink': nextLink });
          expect(wholeOf(cut(text, sizes))).to.deep.equal(JSON.parse(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('returns rows before the body is complete', () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ id: n, text: 'x'.repeat(50) }));
    const { groups, end } = cut(JSON.stringify({ '@odata.context': 'c', value: rows }), [500]);
    expect(groups.filter((group) => group.length > 0)).to.have.length.above(10);
    expect(end?.value).to.have.length.below(10);
  });

  it('keeps every digit of a number', () => {
    const text = '{"value":[{"n":9007199254740993},{"n":12.50},{"n":1234567890123456.78}]}';
    expect(wholeOf(cut(text))).to.deep.equal(parseExactJson(text));
    expect(wholeOf(cut(text)).value).to.deep.include({ n: '9007199254740993' });
  });

  for (const text of [
    '[1,2]',
    '{"value":null}',
    '{"value" : [{"a":1}]}',
    '{"error":{"value":[{"a":1},{"a":2}]}}',
    '"x"',
  ])
    it(`returns no rows, and the body as it is, of ${text}`, () => {
      const { groups, end } = cut(text, [3]);
      expect([groups.flat(), end]).to.deep.equal([[], JSON.parse(text)]);
    });

  it('throws for a value that is not a row, and for an incomplete or invalid body', () => {
    expect(() => cut('{"value":[1,{"a":1},{"a":2},{"a":3}]}'))
      .to.throw()
      .with.property('code', 'RESPONSE_INVALID');
    const whole = '{"value":[{"a":1},{"a":2},{"a":3}],"@odata.nextLink":"x"}';
    for (let length = 1; length < whole.length; length++)
      expect(() => cut(whole.slice(0, length)), whole.slice(0, length)).to.throw(SyntaxError);
    expect(() => cut('{"value":[{"a":1},{"a":2}}]}')).to.throw(SyntaxError);
    expect(cut('').end).to.equal(undefined);
  });

  it('takes time in proportion to the size of one long row', () => {
    const timeOf = (items: number) => {
      const text = JSON.stringify({
        value: [{ list: Array.from({ length: items }, (_, n) => ({ n })) }, { a: 1 }],
      });
      const times = Array.from({ length: 4 }, () => {
        const started = process.cpuUsage();
        cut(text, [1024]);
        return process.cpuUsage(started).user;
      });
      // The other rounds collected garbage.
      return Math.min(...times);
    };
    const [short, long] = [timeOf(20_000), timeOf(160_000)];
    // Quadratic time would be 64 times as long.
    expect(long / short).to.be.below(32);
  });
});
