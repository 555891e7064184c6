import { expect } from 'chai';
import fc from 'fast-check';
import { parseEnvironment } from '../../src/auth/environment.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { errorOf } from './support/expect-error.ts';

describe('parseEnvironment', () => {
  const valid: readonly (readonly [orgUrl: string, origin: string, cloud: string])[] = [
    ['https://contoso.crm.dynamics.com', 'https://contoso.crm.dynamics.com', 'commercial'],
    ['https://contoso.crm4.dynamics.com/', 'https://contoso.crm4.dynamics.com', 'commercial'],
    ['https://contoso.crm21.dynamics.com', 'https://contoso.crm21.dynamics.com', 'commercial'],
    ['https://contoso.api.crm4.dynamics.com', 'https://contoso.api.crm4.dynamics.com', 'commercial'],
    ['https://contoso.crm9.dynamics.com', 'https://contoso.crm9.dynamics.com', 'gcc'],
    ['https://contoso.crm.microsoftdynamics.us', 'https://contoso.crm.microsoftdynamics.us', 'gcc-high'],
    ['https://contoso.crm.appsplatform.us', 'https://contoso.crm.appsplatform.us', 'dod'],
    ['https://contoso.crm.dynamics.cn', 'https://contoso.crm.dynamics.cn', 'china'],
    ['  https://Contoso.CRM.dynamics.com \n', 'https://contoso.crm.dynamics.com', 'commercial'],
    [
      'https://contoso.crm.dynamics.com/main.aspx?appid=1&pagetype=entitylist#top',
      'https://contoso.crm.dynamics.com',
      'commercial',
    ],
  ];
  for (const [orgUrl, origin, cloud] of valid) {
    it(`parses ${JSON.stringify(orgUrl)} as ${origin}, ${cloud}`, () => {
      expect(parseEnvironment(orgUrl)).to.deep.equal({ origin, host: origin.slice(8), cloud });
    });
  }

  const invalid: readonly (readonly [orgUrl: string, message: RegExp])[] = [
    ['', /is empty/],
    ['http://contoso.crm.dynamics.com', /starts with http:/],
    ['contoso.crm.dynamics.com', /does not start with https/],
    ['ftp://contoso.crm.dynamics.com', /does not start with https/],
    ['https://', /has no host/],
    ['https://user:pass@contoso.crm.dynamics.com', /user name or password/],
    ['https://contoso.crm.dynamics.com@evil.example', /user name or password/],
    ['https://contoso.crm.dynamics.com:444', /contains a port/],
    ['https://contoso.crm.dynamics.com:443', /contains a port/],
    ['https://contoso.crm.dynamics.com.', /ends with a dot/],
    ['https://cöntoso.crm.dynamics.com', /ASCII letters/],
    ['https://xn--cntoso-xxa.crm.dynamics.com', /ASCII letters/],
    ['https://contoso.crm%2edynamics.com', /ASCII letters/],
    ['https://contoso。crm.dynamics.com', /ASCII letters/],
    ['https://contoso.crm.dyn\tamics.com', /ASCII letters/],
    ['https://contoso.crm.dynamics.com\\@evil.example', /user name or password/],
    ['https://contoso.crm.dynamics.com\\evil', /not allowed in a host/],
    ['https://con_toso.crm.dynamics.com', /not allowed in a host/],
    ['https://evilcrm.dynamics.com', /not the host of a Dynamics 365 organization/],
    ['https://contoso.crm.dynamics.com.evil.io', /not the host of/],
    ['https://contoso.crm.dynamics.co', /not the host of/],
    ['https://crm.dynamics.com', /not the host of/],
    ['https://a.b.crm.dynamics.com', /not the host of/],
    ['https://contoso.crm123.dynamics.com', /not the host of/],
    ['https://-contoso.crm.dynamics.com', /not the host of/],
    ['https://globaldisco.crm.dynamics.com', /not the host of/],
    ['http://127.0.0.1:8080', /starts with http:/],
    ['https://localhost:8080', /contains a port/],
    ['http://crm01/contoso', /looks like a Dynamics 365 server on-premises/],
    ['https://crm.contoso.com', /on-premises/],
    ['https://contoso.internalcrm.local/main.aspx', /on-premises/],
    ['https://contoso.company.example/XRMServices/2011/Organization.svc', /on-premises/],
    ['https://company.example/contoso/api/data/v9.1/', /on-premises/],
    ['https://10.0.0.7/contoso', /on-premises/],
    ['https://adfs.company.example', /on-premises/],
  ];
  for (const [orgUrl, message] of invalid) {
    it(`rejects ${JSON.stringify(orgUrl)} with the reason`, async () => {
      const error = await errorOf(() => parseEnvironment(orgUrl), 'CONNECTION_INVALID');
      expect(error.message).to.match(message);
      expect(error.advice).to.match(/\.$|\.\)$/);
    });
  }

  it('rejects a value that is not a string', async () => {
    await errorOf(() => parseEnvironment(undefined as unknown as string), 'CONNECTION_INVALID');
  });

  it('advises where to find the environment URL for frequent mistakes', async () => {
    const advice = async (url: string) =>
      (await errorOf(() => parseEnvironment(url), 'CONNECTION_INVALID')).advice;
    expect(await advice('https://make.powerapps.com/environments/1/home')).to.contain('Session details');
    expect(await advice('https://admin.powerplatform.microsoft.com/environments')).to.contain(
      'Environment URL',
    );
    expect(await advice('https://contoso.operations.dynamics.com')).to.contain('Finance and Operations');
    expect(await advice('https://login.microsoftonline.com/common')).to.contain('sign-in page');
    expect(await advice('https://globaldisco.crm.dynamics.com')).to.contain('discovery');
    expect(await advice('https://contoso.powerappsportals.com')).to.contain('portal');
    expect(await advice('https://contoso.crm.microsoftdynamics.de')).to.contain('German');
    expect(await advice('http://contoso.crm.dynamics.com/x')).to.equal(
      'Enter https://contoso.crm.dynamics.com.',
    );
    expect(await advice('https://example.com')).to.contain('Power Platform admin center');
  });

  it('does not repeat a user name or password in the error', async () => {
    const error = await errorOf(
      () => parseEnvironment('https://bob:canary@evil.example/'),
      'CONNECTION_INVALID',
    );
    expect(JSON.stringify(error)).not.to.match(/canary|bob/);
  });

  it('accepts a loopback URL only with allowLoopback', async () => {
    const options = { allowLoopback: true };
    expect(parseEnvironment('http://127.0.0.1:8080/x', options)).to.deep.equal({
      origin: 'http://127.0.0.1:8080',
      host: '127.0.0.1:8080',
      cloud: 'local',
    });
    expect(parseEnvironment('http://localhost:1', options).origin).to.equal('http://localhost:1');
    expect(parseEnvironment('http://[::1]:1', options).origin).to.equal('http://[::1]:1');
    for (const url of [
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'http://127.0.0.2:1',
      'http://user@127.0.0.1:1',
      'http://127.0.0.1:99999',
      'http://contoso.crm.dynamics.com',
    ]) {
      await errorOf(() => parseEnvironment(url, options), 'CONNECTION_INVALID');
    }
  });

  it('makes the right decision for 5,000 generated URLs', () => {
    let accepted = 0;
    fc.assert(
      fc.property(address, (text) => {
        const expected = oracle(text);
        let actual: string | undefined;
        try {
          actual = parseEnvironment(text).origin;
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
        }
        expect(actual, JSON.stringify(text)).to.equal(expected);
        if (actual !== undefined) accepted += 1;
      }),
      { numRuns: 5000 },
    );
    // The generator must produce enough valid and invalid URLs.
    expect(accepted).to.be.within(500, 4500);
  });
});

/**
 * Makes the same decision in another way: with the platform's URL parser, and with lists of labels instead of a regular
 * expression. A URL whose host the parser changes (except for case) is invalid.
 */
function oracle(text: string): string | undefined {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  const after = trimmed.slice('https://'.length);
  const end = [...after].findIndex((character) => '/?#'.includes(character));
  const written = (end === -1 ? after : after.slice(0, end)).toLowerCase();
  if (
    !trimmed.toLowerCase().startsWith('https://') ||
    url.protocol !== 'https:' ||
    written !== url.hostname
  ) {
    return undefined;
  }
  const labels = url.hostname.split('.');
  if (labels[1] === 'api') labels.splice(1, 1);
  const [name = '', region = '', ...zone] = labels;
  const regions = new Set(['crm', ...Array.from({ length: 100 }, (_, n) => `crm${n}`), ...digits(2)]);
  const fits =
    zone.join('.') === 'dynamics.com'
      ? regions.has(region)
      : region === 'crm' &&
        ['microsoftdynamics.us', 'appsplatform.us', 'dynamics.cn'].includes(zone.join('.'));
  const named =
    name.length > 0 &&
    name.length <= 63 &&
    [...name].every((c) => (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c === '-') &&
    name.at(0) !== '-' &&
    name.at(-1) !== '-' &&
    !name.startsWith('xn--') &&
    !['globaldisco', 'disco'].includes(name);
  return fits && named ? `https://${url.hostname}` : undefined;
}

function digits(length: number): readonly string[] {
  return Array.from({ length: 10 ** length }, (_, n) => `crm${String(n).padStart(length, '0')}`);
}

const host = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('contoso', 'a', 'org-1', 'x'.repeat(63), 'globaldisco', 'xn--abc'),
      fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    ),
    fc.constantFrom('.', '.api.', '.', 'crm.', '.api.api.', '。', '..', '.b.', ''),
    fc.constantFrom('crm', 'crm4', 'crm9', 'crm11', 'crm00', 'crm123', 'crmx', 'evilcrm', ''),
    fc.constantFrom(
      '.dynamics.com',
      '.dynamics.com',
      '.microsoftdynamics.us',
      '.appsplatform.us',
      '.dynamics.cn',
      '.dynamics.com.evil.io',
      '.dynamics.co',
      '-dynamics.com',
      '.dynamics。com',
    ),
  )
  .map((parts) => parts.join(''));

/** Valid URLs, and invalid ones that mostly have one mistake. */
const address = fc
  .tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.constant('https://') },
      fc.constantFrom('http://', 'HTTPS://', '//', '', 'https:/', 'https:\\\\', ' https://', 'javascript:'),
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant('') },
      fc.constantFrom('user@', 'user:secret@', 'contoso.crm.dynamics.com@', '@', '\\'),
    ),
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          'contoso.crm.dynamics.com',
          'fabrikam.api.crm19.dynamics.com',
          'a.crm.dynamics.cn',
          'Contoso.CRM4.Dynamics.com',
        ),
      },
      { weight: 3, arbitrary: host },
      fc.webUrl().map((url) => new URL(url).host),
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant('') },
      fc.constantFrom('.', ':443', ':8443', ':', '%2e', '\t', '\u200b', '\\@evil.example', ' '),
    ),
    fc.oneof(
      fc.constant(''),
      fc.constant('/'),
      fc.constantFrom('/main.aspx?x=1', '?a@b', '#c:d', '/..//evil.example', '/\\evil'),
      fc.webPath(),
    ),
  )
  .map((parts) => parts.join(''));
