import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { verifyToken } from '../../src/server/verify-token.ts';

describe('verifyToken', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Date.UTC(2026, 0, 31);
  const rules = { publicKey: keys.publicKey, issuer: 'http://a/t/v2.0', audience: 'http://org', now };
  const validClaims = {
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

  it('returns the user and app of a valid token', () => {
    expect(verifyToken(token(validClaims), rules)).to.deep.equal({
      objectId: 'person',
      clientId: 'app',
      isApp: false,
    });
    expect(verifyToken(token({ ...validClaims, idtyp: 'app' }), rules)).to.include({ isApp: true });
  });

  it('rejects another audience, another issuer, an expired token and another signing key', () => {
    expect(verifyToken(token({ ...validClaims, aud: 'http://other' }), rules)).to.equal(undefined);
    expect(verifyToken(token({ ...validClaims, iss: 'http://a/u/v2.0' }), rules)).to.equal(undefined);
    expect(verifyToken(token({ ...validClaims, exp: now / 1000 }), rules)).to.equal(undefined);
    expect(verifyToken(token({ ...validClaims, exp: undefined }), rules)).to.equal(undefined);
    expect(verifyToken(token(validClaims, foreign.privateKey), rules)).to.equal(undefined);
  });

  it('rejects a token that it has accepted before when it has expired, for another audience and with another key', () => {
    const accepted = token(validClaims);
    expect(verifyToken(accepted, rules)).to.include({ objectId: 'person' });
    expect(verifyToken(accepted, { ...rules, now: now + 60_000 })).to.equal(undefined);
    expect(verifyToken(accepted, { ...rules, audience: 'http://other' })).to.equal(undefined);
    expect(verifyToken(accepted, { ...rules, publicKey: foreign.publicKey })).to.equal(undefined);
    expect(verifyToken(`${accepted.slice(0, -8)}AAAAAAAA`, rules)).to.equal(undefined);
  });

  it('rejects an unsigned token, one signed with the public key as HMAC secret, and other text', () => {
    const unsigned = `${encode({ alg: 'none' })}.${encode(validClaims)}`;
    const secret = keys.publicKey.export({ type: 'spki', format: 'pem' });
    const text = `${encode({ alg: 'HS256' })}.${encode(validClaims)}`;
    const confused = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    for (const bad of [`${unsigned}.`, `${unsigned}.AAAA`, confused, 'x', '', 'a.b.c', '...']) {
      expect(verifyToken(`Bearer ${bad}`, rules)).to.equal(undefined);
    }
    expect(verifyToken(undefined, rules)).to.equal(undefined);
  });
});
