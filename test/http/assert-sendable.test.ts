import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { type TransportError, toTransportError } from '../../src/http/transport-error.ts';
import { createUndiciSender } from '../../src/node/undici-sender.ts';
import { createHttpFixture, describeBothWays } from './fixture.ts';

/** Headers that HTTP cannot carry, or that belong to the connection. */
const unsendable: Readonly<Record<string, string>> = {
  'a value with a line break': 'x-a|a\r\nb: c',
  'a value with a line feed': 'x-a|a\nb',
  'a value with a null character': 'x-a|a\u0000',
  'a value beyond ISO 8859-1': 'x-a|日本',
  'half of a surrogate pair': 'x-a|\ud800',
  'a name with a space': 'x a|b',
  'a name with a line break': 'x\r\na|b',
  'an empty name': '|b',
  'a name beyond ASCII': 'ü|b',
  'Transfer-Encoding': 'Transfer-Encoding|chunked',
  Expect: 'Expect|100-continue',
  Upgrade: 'Upgrade|h2c',
  'Keep-Alive': 'Keep-Alive|timeout=5',
  'Proxy-Authorization': 'proxy-authorization|Basic x',
};

describeBothWays('a header that cannot be sent', () => {
  for (const [name, header] of Object.entries(unsendable)) {
    it(`${name}: INPUT_INVALID before anything is sent, not an unknown outcome`, async () => {
      const fixture = createHttpFixture([{ status: 204 }]);
      const [key = '', value = ''] = header.split('|');
      const error = await fixture.error({ method: 'POST', safety: 'once', headers: { [key]: value } });
      expect(error).to.include({ code: 'INPUT_INVALID', retryable: false });
      expect(error.message).to.match(/header .* nothing was sent/);
      expect(fixture.sent).to.deep.equal([]);
    });
  }

  it('a value with letters of ISO 8859-1 and a tab is sent', async () => {
    const fixture = createHttpFixture([{ status: 204 }]);
    await fixture.send({ headers: { 'x-a': 'Zoë\tü' } });
    expect(fixture.sent[0]?.headers['x-a']).to.equal('Zoë\tü');
  });
});

describe('an error of a sender', () => {
  it('is no unknown outcome if the request could not be written', () => {
    for (const code of [
      'ERR_INVALID_CHAR',
      'ERR_INVALID_HTTP_TOKEN',
      'UND_ERR_INVALID_ARG',
      'ERR_UNESCAPED_CHARACTERS',
    ]) {
      const error = toTransportError('contoso', Object.assign(new Error(''), { code }));
      expect(error, code).to.include({ code: 'INPUT_INVALID' });
      expect(error.message).to.contain('nothing was sent');
    }
  });

  it('is known as not sent if the connection breaks in the TLS handshake', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const send = createUndiciSender({});
    const error = await send({ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {} }).then(
      () => expect.fail('There is no server.'),
      (thrown: unknown) => toTransportError('contoso', thrown) as TransportError,
    );
    server.close();
    expect(error.maybeSent, error.message).to.equal(false);
    expect(error.message).to.contain('nothing was sent');
  });
});
