import { expect } from 'chai';
import fc from 'fast-check';
import { generateKey, parseKeyRing } from '../../src/auth/key-ring.ts';
import { readKeyId, seal, unseal } from '../../src/auth/seal.ts';
import { Secret } from '../../src/model/secret.ts';
import { atScale } from '../support/soak.ts';
import { errorOf } from './support/expect-error.ts';

describe('a sealed secret', () => {
  it('opens with its key, in its place, whatever text it was', async () => {
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

  it('is another one each time, and shows nothing of its text', async () => {
    const [key] = await parseKeyRing(generateKey());
    const sealed = await Promise.all(
      Array.from({ length: 200 }, () => seal(key, new Secret('canary-canary'), 'place')),
    );
    expect(new Set(sealed.map((text) => text.split('.')[2])).size, 'salts').to.equal(200);
    expect(new Set(sealed.map((text) => text.split('.')[3])).size, 'ciphertexts').to.equal(200);
  });

  it('is refused when any one character of it was changed', async () => {
    const [key] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('a secret of some length'), 'place');
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      await errorOf(unseal([key], changed, 'place'), 'VAULT_UNREADABLE');
    }
  });

  it('is refused in another spelling of the same bytes', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const [key] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('x'), 'place');
    const ends = [sealed.lastIndexOf('.') - 1, sealed.length - 1];
    for (const at of ends) {
      for (const other of alphabet.replace(sealed[at]!, '')) {
        const spelled = sealed.slice(0, at) + other + sealed.slice(at + 1);
        await errorOf(unseal([key], spelled, 'place'), 'VAULT_UNREADABLE');
      }
    }
    await errorOf(unseal([key], `${sealed}=`, 'place'), 'VAULT_UNREADABLE');
  });

  const changes = atScale(2000, 100_000);
  it(`is refused after each of ${changes} changes: a bit flipped, two characters swapped, cut, or lengthened`, async function () {
    this.timeout(300_000);
    const [key] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('a secret of some length'), 'place');
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
        .map(([one, other]) => swapped(sealed, one, other)),
      fc.nat(sealed.length - 1).map((length) => sealed.slice(0, length)),
      fc.string({ minLength: 1, maxLength: 5 }).map((more) => sealed + more),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        await errorOf(unseal([key], changed, 'place'), 'VAULT_UNREADABLE');
      }),
      { numRuns: changes },
    );
  });

  it('is refused under another key, also one with the same id', async () => {
    const [key] = await parseKeyRing(generateKey());
    const [stranger] = await parseKeyRing(generateKey());
    const sealed = await seal(key, new Secret('x'), 'place');
    await errorOf(unseal([stranger], sealed, 'place'), 'VAULT_UNREADABLE');
    await errorOf(unseal([{ ...stranger, id: key.id }], sealed, 'place'), 'VAULT_UNREADABLE');
    expect(readKeyId(sealed)).to.equal(key.id);
    expect(readKeyId('something else')).to.equal(undefined);
  });
});

function swapped(text: string, one: number, other: number): string {
  const characters = [...text];
  [characters[one], characters[other]] = [characters[other]!, characters[one]!];
  return characters.join('');
}

describe('the keys of a vault', () => {
  it('are read newest first, by line or comma', async () => {
    const bytes = Buffer.alloc(32, 1).toString('base64');
    const url = Buffer.alloc(32, 255).toString('base64url');
    for (const text of [`a:${bytes}\n b:${url}\n`, `a:${bytes},b:${url}`]) {
      expect((await parseKeyRing(new Secret(text))).map(({ id }) => id)).to.deep.equal(['a', 'b']);
    }
  });

  const good = Buffer.alloc(32, 1).toString('base64');
  for (const [name, text] of [
    ['empty text', '  \n'],
    ['a key without id', good],
    ['a key of 31 bytes', `a:${Buffer.alloc(31).toString('base64')}`],
    ['a key of 33 bytes', `a:${Buffer.alloc(33).toString('base64')}`],
    ['two keys of one id', `a:${good},a:${good}`],
    ['an id with a dot', `a.b:${good}`],
    ['a key with canary characters', 'a:canary-canary-canary-canary-canary-canary!'],
  ] as const) {
    it(`refuse ${name}, and repeat nothing of it`, async () => {
      const error = await errorOf(parseKeyRing(new Secret(text)), 'SETTING_INVALID');
      expect(JSON.stringify(error)).not.to.contain('canary').and.not.to.contain(good.slice(0, 10));
    });
  }

  it('cannot be read out again', async () => {
    const [key] = await parseKeyRing(generateKey());
    const refused = await crypto.subtle.exportKey('raw', key.key).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
  });
});
