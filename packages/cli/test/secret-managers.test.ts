import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runProgram } from './run-program.ts';

const token = 'hvs.canary-of-the-manager';
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

/** A stand-in for HashiCorp Vault on this machine, with the documented answers of its key-value engine, version 2. */
describe('d365: secret managers', () => {
  let sandbox: Sandbox;
  let manager: Server;
  let folder: string;
  let address: string;
  let fields: Record<string, string>;
  before(async () => {
    sandbox = await createSandbox({
      organizations: [{ name: 'contoso', data: 'empty' }],
      apps: [{ name: 'app', secrets: ['first~secret', 'second~secret'], organizations: ['contoso'] }],
    });
    manager = createServer((request, response) => {
      const isAllowed = request.headers['x-vault-token'] === token;
      const body = isAllowed ? { data: { data: fields, metadata: {} } } : { errors: ['permission denied'] };
      response.writeHead(isAllowed ? 200 : 403).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(manager, 'listening');
    folder = await mkdtemp(join(tmpdir(), 'd365-secrets-'));
    address = `http://127.0.0.1:${(manager.address() as AddressInfo).port}/v1/kv/data/d365`;
    fields = { keys: newKey('a'), 'client-secret': 'first~secret' };
  });
  after(async () => {
    await sandbox.close();
    manager.close();
    await rm(folder, { recursive: true });
  });

  const env = () => ({ VAULT_TOKEN: token, D365_VAULT_KEYS_FROM: `${address}#keys` });
  const d365 = (line: string, changes: Readonly<Record<string, string>> = {}) =>
    runProgram(line.split(' '), { folder, env: { ...env(), ...changes } });

  it('connect: --secret-from reads the client secret at each sign-in, and the keys of the vault come from there too', async () => {
    const { clientId } = sandbox.app;
    const connected = await d365(
      `connect nightly --org ${sandbox.organization.origin} --client-id ${clientId} --app --authority ${sandbox.authority.url} --secret-from ${address}#client-secret`,
    );
    expect(connected.stdout, connected.stderr).to.contain('✔ nightly');
    expect(existsSync(join(folder, 'keys'))).to.equal(false);
    fields['client-secret'] = 'second~secret';
    const checked = await d365('check-connection nightly');
    expect(checked.stdout, checked.stderr).to.contain('✔ nightly');
    fields['client-secret'] = 'wrong~secret';
    const refused = await d365('check-connection nightly');
    expect(refused.exitCode).to.equal(3);
    expect(refused.stdout + refused.stderr).to.not.contain('wrong~secret');
    const files = await readdir(join(folder, 'home'));
    const texts = await Promise.all(files.map((file) => readFile(join(folder, 'home', file), 'latin1')));
    expect(texts.join('')).to.not.match(/(?:first|second)~secret|canary-of-the-manager/);
  });

  it('rotate-keys: a key that was added on top in the manager is used for every row', async () => {
    fields.keys = `${newKey('b')}\n${fields.keys}`;
    const rotated = await d365('rotate-keys');
    expect(rotated.exitCode, rotated.stderr).to.equal(0);
    fields.keys = fields.keys!.split('\n')[0]!;
    expect((await d365('connections')).stdout).to.contain('nightly');
  });

  it('a refusal of the manager, and an address that is none, say who must act and repeat no secret', async () => {
    const noKeys = await d365('connections', { VAULT_TOKEN: 'hvs.expired' });
    expect(noKeys.exitCode).to.equal(8);
    expect(noKeys.stderr).to.contain('HashiCorp Vault does not let this process read the secret');
    expect(noKeys.stderr).to.not.contain('hvs.expired');
    const wrong = await d365('connections', { D365_VAULT_KEYS_FROM: 'k1:a-key-by-mistake' });
    expect(wrong.exitCode).to.equal(8);
    expect(wrong.stderr).to.contain('The address of a secret is not valid').and.not.contain('by-mistake');
  });
});
