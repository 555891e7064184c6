import { expect } from 'chai';
import fc from 'fast-check';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { encodeKey, encodeQuery } from '../../src/odata/encode-url.ts';

describe('encodeQuery', () => {
  const half = 'a\ud800b';

  it('refuses half of a character by name, in values, names and keys', () => {
    const cases: Readonly<Record<string, () => string>> = {
      'The text of $filter has half of a character (a lone surrogate).': () =>
        encodeQuery([['$filter', half]]),
      'The text of a query option has half of a character (a lone surrogate).': () =>
        encodeQuery([[`$${half}`, '1']]),
      'The text of a key has half of a character (a lone surrogate).': () => encodeKey(half),
    };
    for (const [message, encode] of Object.entries(cases))
      expect(encode)
        .to.throw(message)
        .that.satisfies(({ code }: ConnectorError) => code === 'INPUT_INVALID');
  });

  it('gives back every text that UTF-8 can carry', () => {
    const text = fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed());
    fc.assert(
      fc.property(text, text, (name, value) => {
        const [pair] = encodeQuery([[`$${name}`, value]])
          .slice(1)
          .split('&');
        const [encodedName = '', encodedValue = ''] = (pair ?? '').split('=');
        expect([decodeURIComponent(encodedName), decodeURIComponent(encodedValue)]).to.deep.equal([
          `$${name}`,
          value,
        ]);
      }),
    );
  });
});
