import { expect } from 'chai';
import fc from 'fast-check';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { assertSameOrigin, createUrlGuard } from '../../src/http/assert-same-origin.ts';
import '../support/fixed-seed.ts';
import { basePath, createHttpFixture, origin } from './fixture.ts';

const base = `${origin}${basePath}`;

function rejectionOf(link: string, ownOrigin = origin): ConnectorError | undefined {
  try {
    assertSameOrigin(ownOrigin, basePath, link);
    return undefined;
  } catch (error) {
    return error as ConnectorError;
  }
}

describe('assertSameOrigin', () => {
  const good = [
    base,
    `${base}/incidents(00000000-0000-0000-0000-000000000001)`,
    `${base}/accounts?$select=name&$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E`,
    `${base}/accounts?$deltatoken=919042%2108%2f22%2f2017%2008%3a10%3a44`,
    `https://CONTOSO.crm.dynamics.com:443${basePath}/WhoAmI`,
    `${basePath}/accounts(accountnumber='A-1')`,
  ];
  for (const link of good) {
    it(`accepts ${link}`, () => {
      expect(assertSameOrigin(origin, basePath, link).href.startsWith(base)).to.equal(true);
    });
  }

  const bad = {
    'plain http': `http://contoso.crm.dynamics.com${basePath}/accounts`,
    'another organization': `https://evil.crm.dynamics.com${basePath}/accounts`,
    'the origin as a user name': `https://contoso.crm.dynamics.com@evil.io${basePath}/x`,
    'a user name before the own host': `https://me:secret@contoso.crm.dynamics.com${basePath}/x`,
    'a user name alone': `https://me@contoso.crm.dynamics.com${basePath}/x`,
    'a password alone': `https://:secret@contoso.crm.dynamics.com${basePath}/x`,
    'the origin as a subdomain': `https://contoso.crm.dynamics.com.evil.io${basePath}/x`,
    'another port': `https://contoso.crm.dynamics.com:8443${basePath}/x`,
    'a trailing dot': `https://contoso.crm.dynamics.com.${basePath}/x`,
    'a path beside the API': `${origin}/main.aspx`,
    'a path that only begins like the API': `${base}evil/x`,
    'dot segments that leave the base path': `${base}/../../../main.aspx`,
    'encoded dot segments that leave the base path': `${base}/%2e%2e/%2E%2e/x`,
    'an encoded slash': `${base}/..%2f..%2fmain.aspx`,
    'an encoded backslash': `${base}/..%5c..%5cmain.aspx`,
    backslashes: `https:\\\\evil.io${basePath}/x`,
    'a link without a scheme': `//evil.io${basePath}/x`,
    'a script': 'javascript:alert(1)',
    'a data URL': 'data:application/json,{}',
    'a URL without host': 'https://',
  };
  for (const [description, link] of Object.entries(bad)) {
    it(`rejects ${description}, without the URL in the error`, () => {
      const error = rejectionOf(link);
      expect(error?.code).to.equal('ORIGIN_REFUSED');
      expect(JSON.stringify(error)).to.not.match(/main\.aspx|secret|alert/);
    });
  }

  it('accepts plain http only if the origin is a loopback address', () => {
    expect(rejectionOf(`http://127.0.0.1:4280${basePath}/x`, 'http://127.0.0.1:4280')).to.equal(undefined);
    expect(rejectionOf(`http://[::1]:4280${basePath}/x`, 'http://[::1]:4280')).to.equal(undefined);
    expect(rejectionOf(`http://10.0.0.1${basePath}/x`, 'http://10.0.0.1')?.code).to.equal('ORIGIN_REFUSED');
    expect(rejectionOf(`http://127.0.0.1:9${basePath}/x`, 'http://127.0.0.1:4280')?.code).to.equal(
      'ORIGIN_REFUSED',
    );
  });

  it('removes the fragment, also an empty one', () => {
    for (const fragment of ['#', '#top'])
      expect(assertSameOrigin(origin, basePath, base + fragment).href).to.equal(base);
  });

  it('accepts no generated URL outside the API, and rejects no valid one', () => {
    const pieces = fc.constantFrom(
      ...[
        'https://',
        'http://',
        'HTTPS:',
        '//',
        '/',
        '\\',
        '@',
        ':',
        ':443',
        '.',
        '..',
        '%2e%2e',
        '%2f',
        '#',
        '?',
      ],
      ...['contoso.crm.dynamics.com', 'evil.io', '127.0.0.1', origin, base, basePath, '/api/data/v9.20', 'x'],
      ...['\t', '\n', ' ', '\u0000', '\u2025', '\uff0f', '\u3002', '%00', 'xn--', '\u00ad'],
    );
    const hostile = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));
    const runs = { numRuns: Number(process.env.HOSTILE_CASES ?? 5_000) };
    fc.assert(
      fc.property(hostile, (link) => {
        if (rejectionOf(link) !== undefined) return;
        // The oracle reads text, not URL parts: the URL must begin with the base and contain no dot segments.
        const { href } = assertSameOrigin(origin, basePath, link);
        expect(href).to.match(/^https:\/\/contoso\.crm\.dynamics\.com\/api\/data\/v9\.2(?:[/?]|$)/);
        expect(href.split('?')[0]).to.not.match(/\/\.\.?(\/|$)|%2f|%5c|\\/i);
      }),
      runs,
    );
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{0,20}$/);
    fc.assert(
      fc.property(name, fc.uuid(), fc.string(), (set, id, text) => {
        const link = `${base}/${set}(${id})?$filter=${encodeURIComponent(text.toWellFormed())}`;
        expect(assertSameOrigin(origin, basePath, link).href).to.equal(new URL(link).href);
      }),
      runs,
    );
  });

  it('rejects a URL before the pipeline requests a token or sends anything', async () => {
    for (const url of Object.values(bad)) {
      const fixture = createHttpFixture([{ status: 200 }]);
      expect((await fixture.error({ url })).code).to.equal('ORIGIN_REFUSED');
      expect(fixture.sent).to.have.length(0);
      expect(fixture.tokens).to.have.length(0);
    }
  });
});

describe('createUrlGuard', () => {
  const guard = createUrlGuard(origin, basePath);

  it('gives the URL that assertSameOrigin gives, or its error, for any text below the base URL', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '..',
        '.',
        '%2e',
        '%2F',
        '%5c',
        '\\',
        '?',
        '#',
        "'",
        '"',
        ' ',
        '\t',
        '%20',
        '$select=',
        '@',
        ':',
        '//',
      ),
      fc.stringMatching(/^[a-z0-9()$=,]{1,6}$/),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const link = fc.array(piece, { maxLength: 6 }).map((pieces) => `${base}/${pieces.join('')}`);
    fc.assert(
      fc.property(link, (text) => {
        const outcome = (check: () => string) => {
          try {
            return check();
          } catch (error) {
            return (error as Error).message;
          }
        };
        expect(outcome(() => guard(text))).to.equal(
          outcome(() => assertSameOrigin(origin, basePath, text).href),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
