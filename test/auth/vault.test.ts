import { expect } from 'chai';
import type { KeyProvider } from '../../src/auth/key-ring.ts';
import { openVault, type VaultKey } from '../../src/auth/vault.ts';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { StateStore } from '../../src/model/runtime-services.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';
import { createMemoryKeys } from './support/memory-keys.ts';

const name: VaultKey = { connection: 'contoso', field: 'tokens' };
const rowKey = 'vault/contoso/tokens';

async function read(store: StateStore, which = name, keys = createMemoryKeys('new', 'old')) {
  return (await (await openVault({ store, keys })).read(which))?.secret.reveal();
}

describe('the vault', () => {
  it('keeps a secret so that the store never sees it', async () => {
    const store = createMemoryStore();
    const vault = await openVault({ store, keys: createMemoryKeys() });
    await vault.write(name, new Secret('canary'));
    expect((await vault.read(name))?.secret.reveal()).to.equal('canary');
    expect((await store.get(rowKey))?.value).not.to.contain('canary');
    await vault.delete(name);
    expect(await vault.read(name)).to.equal(undefined);
    expect(await store.keys('')).to.deep.equal([]);
  });

  it('replaces only the version that was read', async () => {
    const vault = await openVault({ store: createMemoryStore(), keys: createMemoryKeys() });
    const content = { secret: new Secret('one'), note: { lease: 'a' } };
    expect(await vault.replace(name, content, undefined)).to.equal(true);
    expect(await vault.replace(name, content, undefined)).to.equal(false);
    const row = (await vault.read(name))!;
    expect(row.note).to.deep.equal({ lease: 'a' });
    expect(await vault.replace(name, { secret: new Secret('two'), note: {} }, row.version)).to.equal(true);
    expect(await vault.replace(name, content, row.version)).to.equal(false);
    expect((await vault.read(name))?.secret.reveal()).to.equal('two');
  });

  it('does not open a blob that was moved to another connection or field', async () => {
    const store = createMemoryStore();
    const vault = await openVault({ store, keys: createMemoryKeys() });
    await vault.write(name, new Secret('of contoso'));
    const stolen = (await store.get(rowKey))!.value;
    await store.set('vault/fabrikam/tokens', stolen);
    await store.set('vault/contoso/other', stolen);
    await errorOf(vault.read({ connection: 'fabrikam', field: 'tokens' }), 'VAULT_UNREADABLE');
    await errorOf(vault.read({ connection: 'contoso', field: 'other' }), 'VAULT_UNREADABLE');
  });

  it('never lets two names meet in one row', async () => {
    const store = createMemoryStore();
    const vault = await openVault({ store, keys: createMemoryKeys() });
    const names: VaultKey[] = [
      { connection: 'a/b', field: 'c' },
      { connection: 'a', field: 'b/c' },
      { connection: 'a%2Fb', field: 'c' },
      { connection: 'a|b', field: 'c' },
    ];
    for (const which of names) await vault.write(which, new Secret(JSON.stringify(which)));
    expect(await store.keys('')).to.have.length(names.length);
    for (const which of names) {
      expect((await vault.read(which))?.secret.reveal()).to.equal(JSON.stringify(which));
    }
  });

  for (const [how, damage] of [
    ['cut', (value: string) => value.slice(0, -4)],
    ['emptied', () => ''],
    ['replaced by JSON of another kind', () => '[1]'],
    ['replaced by null', () => 'null'],
    ['stripped of its blob', () => '{"note":{}}'],
    ['swapped for plain text', () => '{"sealed":"canary"}'],
  ] as const) {
    it(`refuses a row that was ${how}, and starts all the same`, async () => {
      const store = createMemoryStore();
      const vault = await openVault({ store, keys: createMemoryKeys() });
      await vault.write(name, new Secret('x'));
      await store.set(rowKey, damage((await store.get(rowKey))!.value));
      const again = await openVault({ store, keys: createMemoryKeys() });
      const error = await errorOf(again.read(name), 'VAULT_UNREADABLE');
      expect(JSON.stringify(error)).not.to.contain('canary');
    });
  }
});

describe('the rotation of a vault’s key', () => {
  it('seals every row under the new key, after which the old one may go', async () => {
    const store = createMemoryStore();
    const old = await openVault({ store, keys: createMemoryKeys('old') });
    for (let n = 0; n < 20; n += 1) {
      await old.replace(
        { connection: `c${n}`, field: 'tokens' },
        { secret: new Secret(`secret ${n}`), note: { n } },
        undefined,
      );
    }
    const both = await openVault({ store, keys: createMemoryKeys('new', 'old') });
    expect(await both.rotate()).to.equal(20);
    expect(await both.rotate()).to.equal(0);
    const fresh = await openVault({ store, keys: createMemoryKeys('new') });
    const row = await fresh.read({ connection: 'c7', field: 'tokens' });
    expect(row?.secret.reveal()).to.equal('secret 7');
    expect(row?.note).to.deep.equal({ n: 7 });
  });

  it('can be killed at any row and started again: nothing becomes unreadable', async () => {
    const store = createMemoryStore();
    const old = await openVault({ store, keys: createMemoryKeys('old') });
    for (let n = 0; n < 10; n += 1) await old.write({ connection: `c${n}`, field: 'f' }, new Secret(`${n}`));
    for (let dieAt = 0; dieAt < 10; dieAt += 1) {
      let left = dieAt;
      const dying: StateStore = {
        ...store,
        async replace(...write) {
          if (left === 0) throw new Error('killed');
          left -= 1;
          return store.replace(...write);
        },
      };
      const vault = await openVault({ store: dying, keys: createMemoryKeys('new', 'old') });
      await vault.rotate().catch(() => {});
      for (let n = 0; n < 10; n += 1)
        expect(await read(store, { connection: `c${n}`, field: 'f' })).to.equal(`${n}`);
    }
  });

  it('does not undo what somebody writes at the same time', async () => {
    const store = createMemoryStore();
    await (await openVault({ store, keys: createMemoryKeys('old') })).write(name, new Secret('before'));
    const writer = await openVault({ store, keys: createMemoryKeys('new', 'old') });
    let written = false;
    const meeting: StateStore = {
      ...store,
      async replace(...write) {
        if (!written) await writer.write(name, new Secret('after'));
        written = true;
        return store.replace(...write);
      },
    };
    const vault = await openVault({ store: meeting, keys: createMemoryKeys('new', 'old') });
    expect(await vault.rotate()).to.equal(0);
    expect(await read(store)).to.equal('after');
  });
});

describe('a vault whose keys another process rotates', () => {
  /** Keys that live somewhere else, as a file does. */
  function sharedKeys() {
    const shared = { text: 'old', loads: 0 };
    const keys: KeyProvider = {
      async load() {
        shared.loads += 1;
        return createMemoryKeys(...shared.text.split(' ')).load();
      },
    };
    return { shared, keys };
  }

  it('reads its keys again when it meets one that it does not know, and seals with the new one from then on', async () => {
    const store = createMemoryStore();
    const { shared, keys } = sharedKeys();
    const vault = await openVault({ store, keys });
    await vault.write(name, new Secret('x'));
    shared.text = 'new old';
    await (await openVault({ store, keys: createMemoryKeys('new', 'old') })).rotate();
    shared.loads = 0;
    expect((await vault.read(name))?.secret.reveal()).to.equal('x');
    await vault.read(name);
    expect(shared.loads).to.equal(1);
    await vault.write(name, new Secret('y'));
    expect(await read(store, name, createMemoryKeys('new'))).to.equal('y');
  });

  it('fails when the key is not there after reading again either', async () => {
    const store = createMemoryStore();
    const { keys } = sharedKeys();
    const vault = await openVault({ store, keys });
    const stranger = await openVault({ store, keys: createMemoryKeys('stranger') });
    await stranger.write(name, new Secret('x'));
    await errorOf(vault.read(name), 'VAULT_UNREADABLE');
  });

  it('opens while a rotation goes on', async () => {
    const store = createMemoryStore();
    const { shared, keys } = sharedKeys();
    await (await openVault({ store, keys: createMemoryKeys('new', 'old') })).write(name, new Secret('x'));
    const late: KeyProvider = {
      async load() {
        const text = await keys.load();
        shared.text = 'new old';
        return text;
      },
    };
    const vault = await openVault({ store, keys: late });
    expect((await vault.read(name))?.secret.reveal()).to.equal('x');
  });
});

describe('opening a vault', () => {
  const none: KeyProvider = { load: async () => undefined };

  it('refuses to start when rows are sealed under a key that is missing, and names the key', async () => {
    const store = createMemoryStore();
    await (await openVault({ store, keys: createMemoryKeys('old') })).write(name, new Secret('x'));
    const missing = await errorOf(openVault({ store, keys: createMemoryKeys('new') }), 'SETTING_INVALID');
    expect(missing.message).to.contain('key old');
    const gone = await errorOf(openVault({ store, keys: none }), 'SETTING_INVALID');
    expect(gone.message).to.contain('Stored secrets exist');
  });

  it('never makes a new key over rows that an old one sealed', async () => {
    const store = createMemoryStore();
    await (await openVault({ store, keys: createMemoryKeys('old') })).write(name, new Secret('x'));
    let made = 0;
    const maker: KeyProvider = {
      ...none,
      async create() {
        made += 1;
      },
    };
    await errorOf(openVault({ store, keys: maker }), 'SETTING_INVALID');
    expect(made).to.equal(0);
  });

  it('has the provider keep a first key when the vault is new', async () => {
    let kept: Secret | undefined;
    const keys: KeyProvider = {
      load: async () => kept,
      create: async (text) => {
        kept = text;
      },
    };
    const store = createMemoryStore();
    await (await openVault({ store, keys })).write(name, new Secret('x'));
    expect(await read(store, name, keys)).to.equal('x');
  });

  it('asks for a key where the provider cannot keep one', async () => {
    await errorOf(openVault({ store: createMemoryStore(), keys: none }), 'SETTING_INVALID');
  });
});
