import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { type Installation, installPackages } from './install.ts';
import { packedPackages } from './packed-packages.ts';

/** The program of Bun as npm has it. Its npm package `bun` only chooses one of these. */
const bunPackage = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;

describe('dynamics365-connector under Bun', () => {
  let installation: Installation;
  let sandbox: Sandbox;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    const packed = await packedPackages();
    const specs = [packed.fileOf('dynamics365-connector'), `${bunPackage}@1`];
    installation = installPackages(packed, 'bun', specs);
    sandbox = await createSandbox();
  });
  after(async () => {
    await sandbox?.close();
  });

  const run = (program: string, env?: NodeJS.ProcessEnv) => {
    const bun = join(installation.folder, 'node_modules', bunPackage, 'bin/bun');
    return installation.run(bun, [program], env);
  };

  it('plans requests and reads compressed responses, complete and incomplete ones', async () => {
    expect(await run('engine.js')).to.include('ok');
  });

  it('signs in, writes, lists and polls on a sandbox', async () => {
    const { organization, authority, app } = sandbox;
    const env = {
      ORG_URL: organization.origin,
      AUTHORITY: authority.url,
      TENANT: authority.tenantId,
      CLIENT_ID: app.clientId,
      CLIENT_SECRET: app.clientSecret,
    };
    expect(await run('client.js', env)).to.include('ok');
  });
});
