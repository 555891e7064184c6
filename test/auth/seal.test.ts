import { expect } from 'chai';
import fc from 'fast-check';
import { generateKey, parseKeyRing } from '../../src/auth/key-ring.ts';
import { readKeyId, seal, unseal } from '../../src/auth/seal.ts';
import { Secret } from '../../src/model/secret.ts';
import { atScale } from '../support/soak.ts';
import { errorOf } from './support/expect-error.ts';

describe('seal and unseal', () => {
  it('decrypts any text with its key and its context, and with no other context', async () => {
    const [key] = await parseKeyRing(generateKey());
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), async (text, context) => {
        const sealed = await seal(key, new Secret(text), context);
        expect(sealed).to.match(/^sealed1\.[0-9a-f]{8}\.[\w-]{43}\.[\w-]+$/);
        expect((await unseal([key], sealed, context)).reveal()).to.equal(text);
        await errorOf(unseal([key], sealed, `${context}x`), 'VAULT_UNREADABLE');
      }),
      { numRuns: 50 },
    );
  });

  it('uses another salt each time', async () => {
    const [key] = await parseKeyRing(generateKey());
    const sealed = await Promise.all(
      Array.from({ length: 200 }, () => seal(key, new Secret('canary-canary'), 'context')),
    );
    expect(new Set(sealed.map((text) => text.split('.')[2])).size, 'salts').to.equal(200);
    expect(new Set(sealed.map((text) => text.split('.')[3])).size, 'ciphertexts').to.equal(200);
  });

  it('rejects a text with one changed character', async () => {
    const [key] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('a secret of some length'), 'context');
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      await errorOf(unseal([key], changed, 'context'), 'VAULT_UNREADABLE');
    }
  });

  it('rejects another base64 encoding of the same bytes', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const [key] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('x'), 'context');
    const ends = [sealed.lastIndexOf('.') - 1, sealed.length - 1];
    for (const index of ends) {
      for (const other of alphabet.replace(sealed[index]!, '')) {
        const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
        await errorOf(unseal([key], changed, 'context'), 'VAULT_UNREADABLE');
      }
    }
    await errorOf(unseal([key], `${sealed}=`, 'context'), 'VAULT_UNREADABLE');
  });

  const changes = atScale(2000, 100_000);
  it(`rejects ${changes} changed texts: a flipped bit, two swapped characters, a shorter or a longer text`, async () => {
    const [key] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('a secret of some length'), 'context');
    const bytes = Buffer.from(sealed, 'latin1');
    const change = fc.oneof(
      fc.nat(bytes.length * 8 - 1).map((bit) => {
        const copy = Buffer.from(bytes);
        copy[bit >> 3] = copy[bit >> 3]! ^ (1 << (bit & 7));
        return copy.toString('latin1');
      }),
      fc
        .tuple(fc.nat(sealed.length - 1), fc.nat(sealed.length - 1))
        .filter(([one, other]) => sealed[one] !== sealed[other])
        .map(([one, other]) => swapCharacters(sealed, one, other)),
      fc.nat(sealed.length - 1).map((length) => sealed.slice(0, length)),
      fc.string({ minLength: 1, maxLength: 5 }).map((more) => sealed + more),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        await errorOf(unseal([key], changed, 'context'), 'VAULT_UNREADABLE');
      }),
      { numRuns: changes },
    );
  });

  it('rejects another key, also one with the same id', async () => {
    const [key] = await parseKeyRing(generateKey());
    const [otherKey] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('x'), 'context');
    await errorOf(unseal([otherKey], sealed, 'context'), 'VAULT_UNREADABLE');
    await errorOf(unseal([{ ...otherKey, id: key.id }], sealed, 'context'), 'VAULT_UNREADABLE');
    expect(readKeyId(sealed)).to.equal(key.id);
    expect(readKeyId('something else')).to.equal(undefined);
  });
});

function swapCharacters(text: string, one: number, other: number): string {
  const characters = [...text];
  [characters[one], characters[other]] = [characters[other]!, characters[one]!];
  return characters.join('');
}

describe('parseKeyRing', () => {
  it('reads keys that are separated by lines or commas', async () => {
    const bytes = Buffer.alloc(32, 1).toString('base64');
    const url = Buffer.alloc(32, 255).toString('base64url');
    for (const text of [`a:${bytes}\n b:${url}\n`, `a:${bytes},b:${url}`]) {
      expect((await parseKeyRing(new Secret(text))).map(({ id }) => id)).to.deep.equal(['a', 'b']);
    }
  });

  const validKey = Buffer.alloc(32, 1).toString('base64');
  for (const [name, text] of [
    ['empty text', '  \n'],
    ['a key without id', validKey],
    ['a key of 31 bytes', `a:${Buffer.alloc(31).toString('base64')}`],
    ['a key of 33 bytes', `a:${Buffer.alloc(33).toString('base64')}`],
    ['two keys of one id', `a:${validKey},a:${validKey}`],
    ['an id with a dot', `a.b:${validKey}`],
    ['a key with canary characters', 'a:canary-canary-canary-canary-canary-canary!'],
  ] as const) {
    it(`rejects ${name}, without the text in the error`, async () => {
      const error = await errorOf(parseKeyRing(new Secret(text)), 'SETTING_INVALID');
      expect(JSON.stringify(error)).not.to.contain('canary').and.not.to.contain(validKey.slice(0, 10));
    });
  }

  it('says which key is wrong, by its number', async () => {
    const error = await errorOf(parseKeyRing(new Secret(`a:${validKey},b:short`)), 'SETTING_INVALID');
    expect(error.message).to.contain('key number 2 ');
  });

  it('returns keys that cannot be exported', async () => {
    const [key] = await parseKeyRing(generateKey());
    const rejected = await crypto.subtle.exportKey('raw', key.key).then(
      () => false,
      () => true,
    );
    expect(rejected).to.equal(true);
  });
});
