import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createCertificate } from '../../../test/support/certificate.ts';
import { type CliResult, type RunCliOptions, runCli } from './run-cli.ts';

/** What a person types to get from nothing to rows, each line a process of its own. */
describe('d365: connections', function () {
  this.timeout(30_000);
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
    runCli(line.split(' '), { folder, ...options });
  const place = () => `--authority ${sandbox.authority.url} --discovery ${sandbox.discovery.url}`;
  const org = (index = 0) => `--org ${sandbox.organizations[index]!.origin}`;
  const app = (index: number) => `--client-id ${sandbox.apps[index]!.clientId}`;

  /** A person who signs in at the address that the terminal shows, and a browser that comes back. */
  function browser(user = sandbox.user) {
    let url: string | undefined;
    return (stderr: string) => {
      const shown = /^ {2}(http\S+)\n/m.exec(stderr)?.[1];
      if (shown === undefined || url !== undefined) return;
      url = shown;
      void sandbox.signInAutomatically(url, user).then((callback) => fetch(callback));
    };
  }

  it('a person signs in by browser, and reads rows', async () => {
    const connected = await d365(`connect me ${org()} ${app(1)} ${place()}`, { onStderr: browser() });
    expect(connected.stdout, connected.stderr).to.contain('as rosa@contoso.example');
    expect(connected.exitCode).to.equal(0);
    expect((await d365('check-connection')).stdout).to.contain('✔ me');
    const orgs = await d365('orgs me --json');
    expect(JSON.parse(orgs.stdout)).to.include({ url: sandbox.organization.origin, enabled: true });
    const listed = await d365('list account.list --json');
    expect([listed.exitCode, listed.stdout, listed.stderr]).to.deep.equal([0, '', '']);
  });

  it('a person who does not know the address gets the only organization they may enter', async () => {
    const connected = await d365(`connect me ${app(1)} ${place()}`, { onStderr: browser() });
    expect(connected.stdout, connected.stderr).to.contain(`✔ me: ${sandbox.organization.origin}`);
  });

  it('a person who may enter several is told which, and nothing stays behind', async () => {
    const watch = browser(sandbox.users[1]!);
    const connected = await d365(`connect me ${app(1)} ${place()}`, { onStderr: watch });
    expect(connected.exitCode).to.equal(3);
    for (const { origin } of sandbox.organizations) expect(connected.stderr).to.contain(origin);
    expect((await d365('connections')).stderr).to.contain('no connections yet');
  });

  it('a sign-in is repeated with the name alone', async () => {
    await d365(`connect me ${org()} ${app(1)} ${place()}`, { onStderr: browser() });
    sandbox.authority.revokeRefreshTokens();
    const again = await d365('connect me', { onStderr: browser() });
    expect(again.stdout, again.stderr).to.contain('✔ me');
  });

  it('a person signs in on another device', async () => {
    let entered = false;
    const watch = (stderr: string) => {
      const [, verificationUri, userCode] = /Open (\S+) and enter (\S+)/.exec(stderr) ?? [];
      if (verificationUri === undefined || userCode === undefined || entered) return;
      entered = true;
      void sandbox.approveDevice({ verificationUri, userCode });
    };
    const connected = await d365(`connect me ${org()} ${app(1)} ${place()} --device`, { onStderr: watch });
    expect(connected.stdout, connected.stderr).to.contain('as rosa@contoso.example');
  });

  it('an app signs in with a secret from standard input or the environment, never from an argument', async () => {
    const line = `connect nightly --app ${org()} ${app(0)} ${place()}`;
    const secret = 'a-secret~of-the-app';
    expect((await d365(`${line} --secret-stdin`, { stdin: `${secret}\n` })).exitCode).to.equal(0);
    expect((await d365(line, { env: { D365_CLIENT_SECRET: secret } })).exitCode).to.equal(0);
    const refused = await d365(`${line} --secret ${secret}`);
    expect(refused.exitCode).to.equal(2);
    const stored = await readFile(join(folder, 'home/state.sqlite'), 'latin1');
    expect(stored).not.to.contain(secret);
    expect((await stat(join(folder, 'home/state.sqlite'))).mode & 0o777).to.equal(0o600);
  });

  it('an app signs in with a certificate', async () => {
    await writeFile(join(folder, 'app.pem'), keyPair.certificate);
    await writeFile(join(folder, 'app.key'), keyPair.privateKey);
    const files = `--certificate ${folder}/app.pem --key ${folder}/app.key`;
    const connected = await d365(`connect nightly --app ${org()} ${app(2)} ${place()} ${files}`);
    expect(connected.stdout, connected.stderr).to.contain('✔ nightly');
  });

  it('a missing application user is explained, and the connection is kept until it is there', async () => {
    const line = `connect nightly --app ${org(1)} ${app(0)} ${place()} --secret-stdin`;
    const connected = await d365(line, { stdin: 'a-secret~of-the-app' });
    expect(connected.exitCode).to.equal(3);
    expect(connected.stderr).to.contain('has no application user').and.to.contain('New app user');
    expect((await d365('connections')).stdout).to.contain('nightly');
  });

  it('a wrong address says how to find the right one', async () => {
    const nowhere = `--org ${sandbox.discovery.url}`;
    const connected = await d365(`connect me --org http://127.0.0.1:1 ${app(1)} ${place()}`);
    expect(connected.exitCode).to.equal(5);
    expect(connected.stderr).to.contain('Without --org, d365 connect shows those you may enter.');
    const notOurs = await d365(`connect me ${nowhere} ${app(1)}`);
    expect(notOurs.stderr).to.contain('CONNECTION_INVALID');
  });

  it('keys are rotated, and what is disconnected is forgotten', async () => {
    await d365(`connect me ${org()} ${app(1)} ${place()}`, { onStderr: browser() });
    const rotated = await d365('rotate-keys --json');
    expect(JSON.parse(rotated.stdout)).to.deep.equal({ sealed: 1 });
    const keys = await readFile(join(folder, 'keys/vault.key'), 'utf8');
    expect(keys.trim().split('\n')).to.have.length(2);
    expect((await d365('check-connection me')).exitCode).to.equal(0);
    expect((await d365('disconnect me')).exitCode).to.equal(0);
    expect((await d365('connections')).stderr).to.contain('no connections yet');
    const typo = await d365('check-connection me');
    expect([typo.exitCode, typo.stderr]).to.deep.include(3);
  });

  it('every command has a help text with an example', async () => {
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
