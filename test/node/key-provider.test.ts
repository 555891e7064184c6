import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateKey } from '../../src/auth/key-ring.ts';
import { createEnvKeyProvider, createFileKeyProvider } from '../../src/node/key-provider.ts';
import { errorOf } from '../auth/support/expect-error.ts';

describe('createFileKeyProvider', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const provider = () =>
    createFileKeyProvider({ file: join(folder, 'private/vault.key'), dataFolder: join(folder, 'data') });

  it('creates one key with mode 0600, also when 20 processes start at the same time', async () => {
    expect(await provider().load()).to.equal(undefined);
    await Promise.all(Array.from({ length: 20 }, () => provider().create!(generateKey())));
    const loaded = await Promise.all(Array.from({ length: 20 }, () => provider().load()));
    expect(new Set(loaded.map((text) => text?.reveal())).size).to.equal(1);
    expect((await stat(join(folder, 'private/vault.key'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(join(folder, 'private'))).to.deep.equal(['vault.key']);
  });

  it('prepends new keys, and loses none when 10 are added at the same time', async () => {
    await provider().create!(generateKey());
    const [first] = (await provider().load())!.reveal().split('\n');
    const added = Array.from({ length: 10 }, () => generateKey());
    await Promise.all(added.map((key) => provider().prepend!(key)));
    const lines = (await provider().load())!.reveal().trim().split('\n');
    expect(lines.at(-1)).to.equal(first);
    expect(lines.slice(0, -1)).to.have.members(added.map((key) => key.reveal()));
    expect((await stat(join(folder, 'private/vault.key'))).mode & 0o777).to.equal(0o600);
  });

  it('rejects a new key when the key file does not exist', async () => {
    await errorOf(provider().prepend!(generateKey()), 'SETTING_INVALID');
  });

  it('rejects a key file that other users can read', async () => {
    await provider().create!(generateKey());
    await chmod(join(folder, 'private/vault.key'), 0o644);
    const error = await errorOf(provider().load(), 'SETTING_INVALID');
    expect(error.advice).to.contain('chmod 600');
  });

  it('rejects a key file inside the data folder', async () => {
    await errorOf(
      () => createFileKeyProvider({ file: join(folder, 'data/vault.key'), dataFolder: join(folder, 'data') }),
      'SETTING_INVALID',
    );
  });

  it('throws SETTING_INVALID when the folder cannot be written', async () => {
    await writeFile(join(folder, 'private'), 'a file, not a folder');
    await errorOf(provider().create!(generateKey()), 'SETTING_INVALID');
  });
});

describe('createEnvKeyProvider', () => {
  it('returns the keys only if the variable is not empty', async () => {
    expect((await createEnvKeyProvider({ D365_VAULT_KEYS: 'a:b' }).load())?.reveal()).to.equal('a:b');
    expect(await createEnvKeyProvider({ D365_VAULT_KEYS: ' ' }).load()).to.equal(undefined);
    expect(await createEnvKeyProvider({}).load()).to.equal(undefined);
  });
});
