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

describe('Vault', () => {
  it('stores a secret encrypted', async () => {
    const store = createMemoryStore();
    const vault = await openVault({ store, keys: createMemoryKeys() });
    await vault.write(name, new Secret('canary'));
    expect((await vault.read(name))?.secret.reveal()).to.equal('canary');
    expect((await store.get(rowKey))?.value).not.to.contain('canary');
    await vault.delete(name);
    expect(await vault.read(name)).to.equal(undefined);
    expect(await store.keys('')).to.deep.equal([]);
  });

  it('says that its key provider threw, or returned no Secret', async () => {
    const load = () => {
      throw new TypeError('canary');
    };
    const message = async (keys: unknown) => {
      const opened = openVault({ store: createMemoryStore(), keys: keys as KeyProvider });
      return (await errorOf(opened, 'SETTING_INVALID')).message;
    };
    expect(await message({ load })).to.equal(
      'The keys of the vault cannot be used: the key provider threw a TypeError.',
    );
    expect(await message({ load: async () => undefined, create: load })).to.equal(await message({ load }));
    expect(await message({ load: async () => 'canary' })).to.equal(
      'The keys of the vault cannot be used: the key provider returned no Secret.',
    );
  });

  it('reads a row of version 0.1.0', async () => {
    const sealed = 'sealed1.old.YgA-ip6sMzo5I_mgNb6mlJkZhY4E0JTHrda3YoYF8pU.E2azCotHwrGayhhktihE5ZRbg-P4ag';
    const store = createMemoryStore();
    await store.set(rowKey, JSON.stringify({ sealed, note: {} }));
    expect(await read(store)).to.equal('canary');
  });

  it('replaces a secret only if its version is the expected one', async () => {
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

  it('does not decrypt a row that was moved to another connection or field', async () => {
    const store = createMemoryStore();
    const vault = await openVault({ store, keys: createMemoryKeys() });
    await vault.write(name, new Secret('of contoso'));
    const moved = (await store.get(rowKey))!.value;
    await store.set('vault/fabrikam/tokens', moved);
    await store.set('vault/contoso/other', moved);
    await errorOf(vault.read({ connection: 'fabrikam', field: 'tokens' }), 'VAULT_UNREADABLE');
    await errorOf(vault.read({ connection: 'contoso', field: 'other' }), 'VAULT_UNREADABLE');
  });

  it('stores secrets with different names in different rows', async () => {
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

  for (const [change, damage] of [
    ['cut', (value: string) => value.slice(0, -4)],
    ['emptied', () => ''],
    ['replaced by JSON of another kind', () => '[1]'],
    ['replaced by null', () => 'null'],
    ['left without its encrypted text', () => '{"note":{}}'],
    ['replaced by plain text', () => '{"sealed":"canary"}'],
  ] as const) {
    it(`opens with a row that was ${change}, and throws VAULT_UNREADABLE when it is read`, async () => {
      const store = createMemoryStore();
      const vault = await openVault({ store, keys: createMemoryKeys() });
      await vault.write(name, new Secret('x'));
      await store.set(rowKey, damage((await store.get(rowKey))!.value));
      const reopened = await openVault({ store, keys: createMemoryKeys() });
      const error = await errorOf(reopened.read(name), 'VAULT_UNREADABLE');
      expect(JSON.stringify(error)).not.to.contain('canary');
    });
  }
});

describe('vault.rotate', () => {
  it('encrypts every row with the new key, so that the old one can be removed', async () => {
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
    const onlyNewKey = await openVault({ store, keys: createMemoryKeys('new') });
    const row = await onlyNewKey.read({ connection: 'c7', field: 'tokens' });
    expect(row?.secret.reveal()).to.equal('secret 7');
    expect(row?.note).to.deep.equal({ n: 7 });
  });

  it('leaves every row readable when it is killed at any row', async () => {
    const store = createMemoryStore();
    const old = await openVault({ store, keys: createMemoryKeys('old') });
    for (let n = 0; n < 10; n += 1) await old.write({ connection: `c${n}`, field: 'f' }, new Secret(`${n}`));
    for (let killedAt = 0; killedAt < 10; killedAt += 1) {
      let remaining = killedAt;
      const dying: StateStore = {
        ...store,
        async replace(...write) {
          if (remaining === 0) throw new Error('killed');
          remaining -= 1;
          return store.replace(...write);
        },
      };
      const vault = await openVault({ store: dying, keys: createMemoryKeys('new', 'old') });
      await vault.rotate().catch(() => {});
      for (let n = 0; n < 10; n += 1)
        expect(await read(store, { connection: `c${n}`, field: 'f' })).to.equal(`${n}`);
    }
  });

  it('counts no row that another process deletes meanwhile', async () => {
    const store = createMemoryStore();
    const keys = async (): Promise<string[]> => ['vault/contoso/gone'];
    const vault = await openVault({ store: { ...store, keys }, keys: createMemoryKeys() });
    expect(await vault.rotate()).to.equal(0);
  });

  it('does not overwrite a concurrent write', async () => {
    const store = createMemoryStore();
    await (await openVault({ store, keys: createMemoryKeys('old') })).write(name, new Secret('before'));
    const writer = await openVault({ store, keys: createMemoryKeys('new', 'old') });
    let written = false;
    const concurrentStore: StateStore = {
      ...store,
      async replace(...write) {
        if (!written) await writer.write(name, new Secret('after'));
        written = true;
        return store.replace(...write);
      },
    };
    const vault = await openVault({ store: concurrentStore, keys: createMemoryKeys('new', 'old') });
    expect(await vault.rotate()).to.equal(0);
    expect(await read(store)).to.equal('after');
  });
});

describe('Vault whose keys another process rotates', () => {
  /** Keys that can change, like those in a file. */
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

  it('loads the keys again for an unknown key, and encrypts with the new key afterwards', async () => {
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

  it('throws VAULT_UNREADABLE when the key is still missing', async () => {
    const store = createMemoryStore();
    const { keys } = sharedKeys();
    const vault = await openVault({ store, keys });
    const other = await openVault({ store, keys: createMemoryKeys('other') });
    await other.write(name, new Secret('x'));
    await errorOf(vault.read(name), 'VAULT_UNREADABLE');
  });

  it('opens during a rotation', async () => {
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

describe('openVault', () => {
  const emptyProvider: KeyProvider = { load: async () => undefined };

  it('throws SETTING_INVALID with the key id when the key of a row is missing', async () => {
    const store = createMemoryStore();
    await (await openVault({ store, keys: createMemoryKeys('old') })).write(name, new Secret('x'));
    const missing = await errorOf(openVault({ store, keys: createMemoryKeys('new') }), 'SETTING_INVALID');
    expect(missing.message).to.contain('key old');
    const withoutKeys = await errorOf(openVault({ store, keys: emptyProvider }), 'SETTING_INVALID');
    expect(withoutKeys.message).to.contain('Stored secrets exist');
  });

  it('never creates a key when there are encrypted rows', async () => {
    const store = createMemoryStore();
    await (await openVault({ store, keys: createMemoryKeys('old') })).write(name, new Secret('x'));
    let created = 0;
    const creator: KeyProvider = {
      ...emptyProvider,
      async create() {
        created += 1;
      },
    };
    await errorOf(openVault({ store, keys: creator }), 'SETTING_INVALID');
    expect(created).to.equal(0);
  });

  it('creates a key for a new vault', async () => {
    let stored: Secret | undefined;
    const keys: KeyProvider = {
      load: async () => stored,
      create: async (text) => {
        stored = text;
      },
    };
    const store = createMemoryStore();
    await (await openVault({ store, keys })).write(name, new Secret('x'));
    expect(await read(store, name, keys)).to.equal('x');
  });

  it('throws SETTING_INVALID for a new vault when the provider cannot store a key', async () => {
    await errorOf(openVault({ store: createMemoryStore(), keys: emptyProvider }), 'SETTING_INVALID');
  });
});
