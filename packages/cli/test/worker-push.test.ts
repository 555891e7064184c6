import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runProgram } from './run-program.ts';

const config = (url: string) => `
connections: { nightly: { saved: nightly } }
push: { url: "${url}", secret: { env: D365_PUSH_SECRET } }
subscriptions:
  changed:
    { connection: nightly, trigger: case.escalated, push: true, deliver: { stdout: true } }
`;
const env = { D365_PUSH_SECRET: 'a secret of more than thirty-two characters' };

describe('d365 worker push', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-push-'));
    sandbox = await createSandbox({
      organizations: [
        { name: 'contoso', data: 'empty' },
        { name: 'fabrikam', data: 'empty' },
      ],
      apps: [
        { name: 'admin', secrets: ['a-secret~of-the-admin'] },
        {
          name: 'nightly',
          secrets: ['a-secret~of-nightly'],
          roles: ['Customer Service Representative', 'Basic User'],
        },
      ],
    });
    const [, fabrikam] = sandbox.organizations;
    const connections = [
      ...sandbox.apps.map((app) => ({ ...app, connection: app.name, org: sandbox.organization.origin })),
      { ...sandbox.apps[0]!, connection: 'elsewhere', org: fabrikam!.origin },
    ];
    for (const { name, clientId, connection, org } of connections) {
      const app = `--client-id ${clientId} --app --tenant ${sandbox.authority.tenantId} --secret-stdin`;
      const endpoints = `--authority ${sandbox.authority.url} --discovery ${sandbox.discovery.url}`;
      const stdin = `a-secret~of-${name === 'admin' ? 'the-admin' : name}`;
      const command = `connect ${connection} --org ${org} ${app} ${endpoints}`;
      const connected = await runProgram(command.split(' '), { folder, stdin });
      expect(connected.exitCode, connected.stderr).to.equal(0);
    }
    await writeFile(join(folder, 'worker.yaml'), config('https://hooks.example.com/d365'));
    await writeFile(join(folder, 'moved.yaml'), config('https://moved.example.com/d365'));
    await writeFile(
      join(folder, 'polled.yaml'),
      config('https://hooks.example.com/d365').replace('push: true, ', ''),
    );
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const push = async (line: string, file = 'worker.yaml') =>
    await runProgram(`worker push ${line} --config ${join(folder, file)}`.split(' '), { folder, env });
  const admin = () => ({ userId: sandbox.organization.findSystemUserId(sandbox.apps[0]!)! });
  const steps = () => sandbox.organization.store.query('sdkmessageprocessingstep', { actor: admin() }).rows;

  it('repair: names the privileges that the user lacks, and the command for an administrator', async () => {
    const { exitCode, stderr } = await push('repair');
    expect(exitCode).to.equal(3);
    expect(stderr)
      .to.include('prvCreateServiceEndpoint')
      .and.include('d365 worker push repair --as <connection>');
    expect(steps()).to.deep.equal([]);
  });

  it('status: exits with 1 and says what is missing, until repair --as has registered it', async () => {
    const missing = await push('status --as admin');
    expect([missing.exitCode, missing.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('wrong: incident Update: missing'),
    );
    const repaired = await push('repair --as admin');
    expect(repaired.exitCode, repaired.stderr).to.equal(0);
    expect(repaired.stderr).to.include('repaired: incident Update: missing');
    const status = await push('status --as admin');
    expect(status.exitCode, status.stderr).to.equal(0);
    expect(status.stdout).to.match(/nightly\tincident\tUpdate\t\w+/);
    expect(status.stderr).to.include('nightly: webhooks are sent to https://hooks.example.com/d365/');
    expect(status.stdout + status.stderr).not.to.include(env.D365_PUSH_SECRET);
  });

  it('status: names a step that was disabled, and repair enables it', async () => {
    const [step] = steps();
    sandbox.organization.store.update({
      table: 'sdkmessageprocessingstep',
      id: step!.id,
      values: { statecode: 1, statuscode: 2 },
      actor: admin(),
    });
    const disabled = await push('status --as admin --json');
    expect(disabled.exitCode).to.equal(1);
    expect(JSON.parse(disabled.stdout)).to.deep.include({ issues: ['incident Update: disabled'] });
    expect((await push('repair --as admin')).stderr).to.include('repaired: incident Update: disabled');
  });

  it('status: names the endpoint of another installation, and remove takes its id', async () => {
    expect((await push('repair --as admin', 'moved.yaml')).exitCode).to.equal(0);
    const { stderr } = await push('status --as admin');
    const [, id] = /another installation: https:\/\/moved\S+ \(d365 worker push remove (\S+)\)/.exec(stderr)!;
    expect((await push(`remove ${id} --as admin`)).stderr).to.match(
      /nightly: dynamics365-connector \w+ removed/,
    );
  });

  it('rejects --as with a connection to another organization', async () => {
    const { exitCode, stderr } = await push('status --as elsewhere');
    expect(exitCode).not.to.equal(0);
    expect(stderr).to.include('No connection of').and.include('with push is to');
  });

  it('remove: removes steps and endpoint when no subscription has push any more, and nothing the second time', async () => {
    const removed = await push('remove --as admin', 'polled.yaml');
    expect(removed.exitCode, removed.stderr).to.equal(0);
    expect(steps()).to.deep.equal([]);
    expect((await push('remove --as admin')).stderr).to.include('nightly: nothing to remove');
  });

  it('rejects an unknown command, and a file without push', async () => {
    const mistyped = await push('repare');
    expect([mistyped.exitCode, mistyped.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes('Did you mean repair?'),
    );
    const polled = await push('status', 'polled.yaml');
    expect([polled.exitCode, polled.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code !== 0 && text.includes('No subscription of'),
    );
  });
});
