import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { verifyToken } from '../../src/server/verify-token.ts';

describe('sandbox token check', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Date.UTC(2026, 0, 31);
  const rules = { publicKey: keys.publicKey, issuer: 'http://a/t/v2.0', audience: 'http://org', now };
  const good = {
    iss: rules.issuer,
    aud: rules.audience,
    exp: now / 1000 + 60,
    oid: 'person',
    appid: 'app',
    idtyp: 'user',
  };

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: object, key = keys.privateKey, header: object = { alg: 'RS256' }) => {
    const text = `${encode(header)}.${encode(claims)}`;
    return `Bearer ${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
  };

  it('reads who a good token speaks for', () => {
    expect(verifyToken(token(good), rules)).to.deep.equal({
      objectId: 'person',
      clientId: 'app',
      isApp: false,
    });
    expect(verifyToken(token({ ...good, idtyp: 'app' }), rules)).to.include({ isApp: true });
  });

  it('refuses a token for another organization, of another issuer, that is over, or signed by another key', () => {
    expect(verifyToken(token({ ...good, aud: 'http://other' }), rules)).to.equal(undefined);
    expect(verifyToken(token({ ...good, iss: 'http://a/u/v2.0' }), rules)).to.equal(undefined);
    expect(verifyToken(token({ ...good, exp: now / 1000 }), rules)).to.equal(undefined);
    expect(verifyToken(token({ ...good, exp: undefined }), rules)).to.equal(undefined);
    expect(verifyToken(token(good, foreign.privateKey), rules)).to.equal(undefined);
  });

  it('refuses an unsigned token, one signed with the public key as a secret, and what is no token', () => {
    const unsigned = `${encode({ alg: 'none' })}.${encode(good)}`;
    const secret = keys.publicKey.export({ type: 'spki', format: 'pem' });
    const text = `${encode({ alg: 'HS256' })}.${encode(good)}`;
    const confused = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    for (const bad of [`${unsigned}.`, `${unsigned}.AAAA`, confused, 'x', '', 'a.b.c', '...']) {
      expect(verifyToken(`Bearer ${bad}`, rules)).to.equal(undefined);
    }
    expect(verifyToken(undefined, rules)).to.equal(undefined);
  });
});
