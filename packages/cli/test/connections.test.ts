import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createCertificate } from '../../../test/support/certificate.ts';
import { type CliResult, type RunCliOptions, runCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';

describe('d365: connections', () => {
  const keyPair = createCertificate();
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    sandbox = await createSandbox({
      organizations: [
        { name: 'contoso', data: 'empty' },
        { name: 'fabrikam', data: 'empty' },
      ],
      apps: [
        { name: 'app', secrets: ['a-secret~of-the-app'], organizations: ['contoso'] },
        { name: 'public' },
        { name: 'certificate', certificates: [keyPair.certificate] },
      ],
      users: [{ name: 'rosa@contoso.example', organizations: ['contoso'] }, { name: 'emil@contoso.example' }],
      lifetimes: { devicePollSeconds: 1 },
    });
  });
  after(() => sandbox.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const d365 = (line: string, options: Partial<RunCliOptions> = {}): Promise<CliResult> =>
    runProgram(line.split(' '), { folder, ...options });
  const endpoints = () => `--authority ${sandbox.authority.url} --discovery ${sandbox.discovery.url}`;
  const org = (index = 0) => `--org ${sandbox.organizations[index]!.origin}`;
  const app = (index: number) => `--client-id ${sandbox.apps[index]!.clientId}`;

  /** Signs in at the URL that the command prints, and follows the redirect, as a browser does. */
  function signInWithBrowser(user = sandbox.user) {
    let signInUrl: string | undefined;
    return (stderr: string) => {
      const printedUrl = /^ {2}(http\S+)\n/m.exec(stderr)?.[1];
      if (printedUrl === undefined || signInUrl !== undefined) return;
      signInUrl = printedUrl;
      void sandbox.signInAutomatically(signInUrl, user).then((callback) => fetch(callback));
    };
  }

  it('connect: signs a user in by browser', async () => {
    // In a process of its own, as on a user's machine.
    const connected = await runCli(`connect me ${org()} ${app(1)} ${endpoints()}`.split(' '), {
      folder,
      onStderr: signInWithBrowser(),
    });
    expect(connected.stdout, connected.stderr).to.contain('as rosa@contoso.example');
    expect(connected.exitCode).to.equal(0);
    expect((await d365('check-connection')).stdout).to.contain('✔ me');
    const orgs = await d365('orgs me --json');
    expect(JSON.parse(orgs.stdout)).to.include({ url: sandbox.organization.origin, enabled: true });
    const listed = await d365('list account.list --json');
    expect([listed.exitCode, listed.stdout, listed.stderr]).to.deep.equal([0, '', '']);
  });

  it('connect: without --org, uses the only organization that the user can access', async () => {
    const connected = await d365(`connect me ${app(1)} ${endpoints()}`, { onStderr: signInWithBrowser() });
    expect(connected.stdout, connected.stderr).to.contain(`✔ me: ${sandbox.organization.origin}`);
  });

  it('connect: without --org, lists several organizations and saves nothing', async () => {
    const onStderr = signInWithBrowser(sandbox.users[1]!);
    const connected = await d365(`connect me ${app(1)} ${endpoints()}`, { onStderr });
    expect(connected.exitCode).to.equal(3);
    for (const { origin } of sandbox.organizations) expect(connected.stderr).to.contain(origin);
    expect((await d365('connections')).stderr).to.contain('no connections yet');
  });

  it('connect: signs in again by the name of the connection', async () => {
    await d365(`connect me ${org()} ${app(1)} ${endpoints()}`, { onStderr: signInWithBrowser() });
    sandbox.authority.revokeRefreshTokens();
    const again = await d365('connect me', { onStderr: signInWithBrowser() });
    expect(again.stdout, again.stderr).to.contain('✔ me');
  });

  it('connect --device: signs a user in with a device code', async () => {
    let entered = false;
    const onStderr = (stderr: string) => {
      const [, verificationUri, userCode] = /Open (\S+) and enter (\S+)/.exec(stderr) ?? [];
      if (verificationUri === undefined || userCode === undefined || entered) return;
      entered = true;
      void sandbox.approveDevice({ verificationUri, userCode });
    };
    const connected = await d365(`connect me ${org()} ${app(1)} ${endpoints()} --device`, { onStderr });
    expect(connected.stdout, connected.stderr).to.contain('as rosa@contoso.example');
  });

  it('connect --app: reads the secret from standard input or the environment, never from an argument', async () => {
    const line = `connect nightly --app ${org()} ${app(0)} ${endpoints()}`;
    const secret = 'a-secret~of-the-app';
    expect((await d365(`${line} --secret-stdin`, { stdin: `${secret}\n` })).exitCode).to.equal(0);
    expect((await d365(line, { env: { D365_CLIENT_SECRET: secret } })).exitCode).to.equal(0);
    const rejected = await d365(`${line} --secret ${secret}`);
    expect(rejected.exitCode).to.equal(2);
    const stored = await readFile(join(folder, 'home/state.sqlite'), 'latin1');
    expect(stored).not.to.contain(secret);
    expect((await stat(join(folder, 'home/state.sqlite'))).mode & 0o777).to.equal(0o600);
  });

  it('connect --app: signs in with a certificate', async () => {
    await writeFile(join(folder, 'app.pem'), keyPair.certificate);
    await writeFile(join(folder, 'app.key'), keyPair.privateKey);
    const files = `--certificate ${folder}/app.pem --key ${folder}/app.key`;
    const connected = await d365(`connect nightly --app ${org()} ${app(2)} ${endpoints()} ${files}`);
    expect(connected.stdout, connected.stderr).to.contain('✔ nightly');
  });

  it('connect --app: explains a missing application user and keeps the connection', async () => {
    const line = `connect nightly --app ${org(1)} ${app(0)} ${endpoints()} --secret-stdin`;
    const connected = await d365(line, { stdin: 'a-secret~of-the-app' });
    expect(connected.exitCode).to.equal(3);
    expect(connected.stderr).to.contain('has no application user').and.to.contain('New app user');
    expect((await d365('connections')).stdout).to.contain('nightly');
  });

  it('connect: a wrong --org is answered with advice to omit it', async () => {
    const discoveryAsOrg = `--org ${sandbox.discovery.url}`;
    const connected = await d365(`connect me --org http://127.0.0.1:1 ${app(1)} ${endpoints()}`);
    expect(connected.exitCode).to.equal(5);
    expect(connected.stderr).to.contain(
      'Without --org, d365 connect lists the organizations that you can access.',
    );
    const notOrganization = await d365(`connect me ${discoveryAsOrg} ${app(1)}`);
    expect(notOrganization.stderr).to.contain('CONNECTION_INVALID');
  });

  it('rotate-keys adds a key, and disconnect removes the connection', async () => {
    await d365(`connect me ${org()} ${app(1)} ${endpoints()}`, { onStderr: signInWithBrowser() });
    const rotated = await d365('rotate-keys --json');
    expect(JSON.parse(rotated.stdout)).to.deep.equal({ sealed: 1 });
    const keys = await readFile(join(folder, 'keys/vault.key'), 'utf8');
    expect(keys.trim().split('\n')).to.have.length(2);
    expect((await d365('check-connection me')).exitCode).to.equal(0);
    expect((await d365('disconnect me')).exitCode).to.equal(0);
    expect((await d365('connections')).stderr).to.contain('no connections yet');
    const unknown = await d365('check-connection me');
    expect(unknown.exitCode).to.equal(3);
  });

  it('the help of each command has an example', async () => {
    for (const command of [
      'connect',
      'connections',
      'check-connection',
      'orgs',
      'disconnect',
      'rotate-keys',
    ]) {
      const { stdout } = await d365(`${command} --help`);
      expect(stdout, command).to.match(new RegExp(`Examples?:\\n  d365 ${command}`));
    }
  });
});
