import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { generateKey } from '../../src/auth/key-ring.ts';
import { createEnvKeyProvider, createFileKeyProvider } from '../../src/node/key-provider.ts';
import { errorOf } from '../auth/support/expect-error.ts';

describe('vault keys in a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const provider = () =>
    createFileKeyProvider({ file: join(folder, 'private/vault.key'), dataFolder: join(folder, 'data') });

  it('are made once, readable by their owner alone, also when processes start together', async () => {
    expect(await provider().load()).to.equal(undefined);
    await Promise.all(Array.from({ length: 20 }, () => provider().create!(generateKey())));
    const loaded = await Promise.all(Array.from({ length: 20 }, () => provider().load()));
    expect(new Set(loaded.map((text) => text?.reveal())).size).to.equal(1);
    expect((await stat(join(folder, 'private/vault.key'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(join(folder, 'private'))).to.deep.equal(['vault.key']);
  });

  it('get new ones on top, and none is lost when several are put there at once', async () => {
    await provider().create!(generateKey());
    const [first] = (await provider().load())!.reveal().split('\n');
    const added = Array.from({ length: 10 }, () => generateKey());
    await Promise.all(added.map((key) => provider().prepend!(key)));
    const lines = (await provider().load())!.reveal().trim().split('\n');
    expect(lines.at(-1)).to.equal(first);
    expect(lines.slice(0, -1)).to.have.members(added.map((key) => key.reveal()));
    expect((await stat(join(folder, 'private/vault.key'))).mode & 0o777).to.equal(0o600);
  });

  it('get none on top where there are none, or the file is not ours to write', async () => {
    await errorOf(provider().prepend!(generateKey()), 'SETTING_INVALID');
  });

  it('are refused when others may read them', async () => {
    await provider().create!(generateKey());
    await chmod(join(folder, 'private/vault.key'), 0o644);
    const error = await errorOf(provider().load(), 'SETTING_INVALID');
    expect(error.advice).to.contain('chmod 600');
  });

  it('are refused inside the data folder, where a backup would take both', async () => {
    await errorOf(
      () => createFileKeyProvider({ file: join(folder, 'data/vault.key'), dataFolder: join(folder, 'data') }),
      'SETTING_INVALID',
    );
  });

  it('say so when the folder cannot be written', async () => {
    await writeFile(join(folder, 'private'), 'a file, not a folder');
    await errorOf(provider().create!(generateKey()), 'SETTING_INVALID');
  });
});

describe('vault keys in the environment', () => {
  it('are there when the variable is set', async () => {
    expect((await createEnvKeyProvider({ D365_VAULT_KEYS: 'a:b' }).load())?.reveal()).to.equal('a:b');
    expect(await createEnvKeyProvider({ D365_VAULT_KEYS: ' ' }).load()).to.equal(undefined);
    expect(await createEnvKeyProvider({}).load()).to.equal(undefined);
  });
});
