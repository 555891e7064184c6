import { createHash, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { expect } from 'chai';
import { createAppTokenSource } from '../../src/auth/app-token-source.ts';
import { getAuthority } from '../../src/auth/authority.ts';
import type { ResolvedApplication } from '../../src/auth/client-application.ts';
import { createOAuthClient } from '../../src/auth/create-oauth-client.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, environment } from './support/fixture.ts';
import { clientId, origin, tenantId } from './support/scripted-authority.ts';

const scopes = [`${origin}/.default`];
const pem = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

function withApp(app: ResolvedApplication) {
  const { authority, clock } = createAuthFixture();
  const oauth = createOAuthClient({
    authority: getAuthority(environment, tenantId),
    app,
    send: authority.send,
    clock,
  });
  return { authority, clock, source: createAppTokenSource({ oauth, scopes, clock }) };
}

describe('createAppTokenSource', () => {
  it('requests a token with the secret, once for all concurrent callers', async () => {
    const { authority, clock, source } = withApp({ clientId, clientSecret: new Secret('s3cret') });
    await Promise.all(Array.from({ length: 25 }, () => source.getToken()));
    expect(authority.forms).to.deep.equal([
      { grant_type: 'client_credentials', client_id: clientId, client_secret: 's3cret', scope: scopes[0] },
    ]);
    await clock.advance(2880_000);
    await source.getToken();
    expect(authority.forms).to.have.length(2);
  });

  it('requests a token with a client assertion that is signed with the certificate’s key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = randomBytes(700);
    const { authority, source } = withApp({
      clientId,
      certificate: {
        certificate: `Bag Attributes\n${pem('CERTIFICATE', der)}`,
        privateKey: new Secret(pem('PRIVATE KEY', privateKey.export({ type: 'pkcs8', format: 'der' }))),
      },
    });
    await source.getToken();
    const {
      client_assertion: assertion = '',
      client_assertion_type: type,
      client_secret: secret,
    } = authority.forms[0]!;
    expect(type).to.equal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(secret).to.equal(undefined);
    const [header = '', payload = '', signature = ''] = assertion.split('.');
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(decode(header)).to.deep.equal({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': createHash('sha256').update(der).digest('base64url'),
    });
    expect(decode(payload)).to.include({
      iss: clientId,
      sub: clientId,
      aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    });
    const isValid = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: publicKey, padding: 6, saltLength: 32 },
      Buffer.from(signature, 'base64url'),
    );
    expect(isValid).to.equal(true);
  });

  const certificate = pem('CERTIFICATE', randomBytes(100));
  for (const [problem, credential, advice] of [
    [
      'an encrypted key',
      {
        certificate,
        privateKey: new Secret(
          '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----',
        ),
      },
      /openssl pkcs8/,
    ],
    [
      'a PKCS #1 key',
      {
        certificate,
        privateKey: new Secret('-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----'),
      },
      /openssl pkcs8/,
    ],
    [
      'a key in another format',
      { certificate, privateKey: new Secret(pem('PRIVATE KEY', Buffer.from('canary-key'))) },
      /RSA/,
    ],
    [
      'a certificate in another format',
      { certificate: 'canary', privateKey: new Secret('canary-key') },
      /PEM/,
    ],
  ] as const) {
    it(`rejects ${problem} before sending a request`, async () => {
      const { authority, source } = withApp({ clientId, certificate: credential });
      const error = await errorOf(source.getToken(), 'CONNECTION_INVALID');
      expect(error.advice).to.match(advice);
      expect(JSON.stringify(error)).not.to.contain('canary');
      expect(authority.requests).to.deep.equal([]);
    });
  }

  it('requires a secret or a certificate', async () => {
    await errorOf(() => withApp({ clientId }), 'CONNECTION_INVALID');
  });

  it('requires a tenant', async () => {
    const { clock, oauth } = createAuthFixture({ tenant: 'organizations' });
    const error = await errorOf(() => createAppTokenSource({ oauth, scopes, clock }), 'CONNECTION_INVALID');
    expect(error.advice).to.contain('tenant id');
  });

  it('rejects a client id that is no GUID, and a secret that is one', async () => {
    const invalidId = await errorOf(
      () => withApp({ clientId: 'my app', clientSecret: new Secret('x') }),
      'CONNECTION_INVALID',
    );
    expect(invalidId.advice).to.contain('Application (client) ID');
    const secretId = await errorOf(
      () => withApp({ clientId, clientSecret: new Secret(tenantId) }),
      'CONNECTION_INVALID',
    );
    expect(secretId.message).to.contain('the ID of a secret');
  });
});
