import { expect } from 'chai';
import { createGuardedSender } from '../src/subscriptions/guarded-sender.ts';
import { createTargetGuard } from '../src/subscriptions/target-guard.ts';

const isRefused = (url: string, allowed?: readonly string[]) => {
  try {
    createTargetGuard(allowed).assertUrl(url);
    return false;
  } catch (error) {
    expect((error as { readonly code: string }).code).to.equal('TARGET_REFUSED');
    return true;
  }
};

describe('service: addresses of webhooks', () => {
  it('are public and use https', () => {
    for (const url of [
      'https://example.com/hook?key=1',
      'https://93.184.216.34/',
      'https://[2606:4700::1111]/',
    ])
      expect(isRefused(url), url).to.equal(false);
    for (const url of ['http://example.com/', 'ftp://example.com/', 'x', '', 'https://u:p@example.com/'])
      expect(isRefused(url), url).to.equal(true);
  });

  it('are not private in any form of writing', () => {
    const addresses = [
      ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '0.0.0.0', '10.0.0.1', '172.16.9.9', '192.168.0.1'],
      ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255'],
      ...['[::1]', '[::]', '[::ffff:10.0.0.1]', '[::ffff:7f00:1]', '[fd00:ec2::254]', '[fe80::1]'],
      ...['[64:ff9b::a00:1]', '[2002:a00:1::]', '[::127.0.0.1]', '[fec0::1]', '192.88.99.1'],
    ];
    for (const address of addresses) expect(isRefused(`https://${address}/`), address).to.equal(true);
  });

  it('may be private where the operator allows them', () => {
    const allowed = ['10.1.0.0/16', 'hooks.internal', '127.0.0.1'];
    for (const url of [
      'http://10.1.2.3/',
      'http://hooks.internal/',
      'http://127.0.0.1:99/',
      'https://10.1.2.3/',
    ])
      expect(isRefused(url, allowed), url).to.equal(false);
    for (const url of ['https://10.2.0.1/', 'http://example.com/', 'https://127.0.0.2/'])
      expect(isRefused(url, allowed), url).to.equal(true);
  });

  it('are reached through the proxy of the environment, unless their name leads to a private address', async () => {
    const sent: string[] = [];
    const send = createGuardedSender(createTargetGuard(), {
      uses: () => true,
      send: async ({ url }) => {
        sent.push(url);
        return { status: 200, headers: {}, body: (async function* () {})() };
      },
    });
    const post = (url: string) => send({ method: 'POST', url, headers: {}, body: '{}' });
    expect((await post('https://hooks.nowhere.example/')).status).to.equal(200);
    const refused = await post('https://localhost/?key=secret').catch((thrown: Error) => thrown);
    expect(String(refused)).to.contain('private').and.not.contain('secret');
    expect(await post('https://10.0.0.1/').catch((thrown: Error) => thrown)).to.include({
      code: 'TARGET_REFUSED',
    });
    expect(sent).to.deep.equal(['https://hooks.nowhere.example/']);
  });

  it('are checked again after the name is looked up, so that a name cannot lead to a private address', async () => {
    const send = createGuardedSender(createTargetGuard());
    const error = await send({
      method: 'POST',
      url: 'https://localhost:1/?key=secret',
      headers: {},
      body: '{}',
    }).catch((thrown: Error) => thrown);
    expect(String(error)).to.contain('private').and.not.contain('secret');
  });
});
