import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import type { CliResult } from './run-cli.ts';
import { runProgram } from './run-program.ts';

describe('d365 role', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-'));
    sandbox = await createSandbox({
      organizations: [{ name: 'contoso', data: 'empty' }],
      apps: [
        { name: 'admin', secrets: ['a-secret~of-the-admin'] },
        { name: 'nightly', secrets: ['a-secret~of-nightly'], roles: ['Basic User'] },
      ],
    });
    for (const { name, clientId } of sandbox.apps) {
      const app = `--client-id ${clientId} --app --tenant ${sandbox.authority.tenantId} --secret-stdin`;
      const endpoints = `--authority ${sandbox.authority.url} --discovery ${sandbox.discovery.url}`;
      const connected = await d365(
        `connect ${name} --org ${sandbox.organization.origin} ${app} ${endpoints}`,
        `a-secret~of-${name === 'admin' ? 'the-admin' : name}`,
      );
      expect(connected.exitCode, connected.stderr).to.equal(0);
    }
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  const d365 = (line: string, stdin?: string): Promise<CliResult> =>
    runProgram(line.split(' '), { folder, ...(stdin === undefined ? {} : { stdin }) });

  it('prints the lines of a role, each with the operations that need it, without network', async () => {
    const { stdout, exitCode } = await d365('role case.resolve case.created');
    expect(exitCode).to.equal(0);
    expect(stdout).to.contain('incident\tRead\tGlobal\tprvReadIncident\tcase.resolve; case.created\n');
    const { lines, unknown } = JSON.parse((await d365('role case.resolve --json')).stdout);
    expect(lines).to.deep.include({
      privilege: 'prvWriteIncident',
      tables: ['incident'],
      right: 'Write',
      depth: 'Global',
      neededBy: [{ operation: 'case.resolve' }],
    });
    expect(unknown).to.deep.equal([]);
  });

  it('says which tables it has to be told, and which operation does not exist', async () => {
    expect((await d365('role record.create')).stderr).to.contain('works on a table that its input names');
    const mistyped = await d365('role case.creat');
    expect([mistyped.exitCode, mistyped.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes('case.create'),
    );
  });

  it('--compare: names the missing lines and exits with 1, until --create has made the role', async () => {
    const lacking = await d365('role case.resolve --compare --connection nightly');
    expect(lacking.exitCode, lacking.stderr).to.equal(1);
    expect(lacking.stdout).to.match(/incident\tWrite\tGlobal\tprvWriteIncident\tnone\tcase\.resolve/);
    const created = await d365('role case.resolve --connection admin --create Intake');
    expect(created.stdout, created.stderr).to.contain('created the security role "Intake"');
    sandbox.organization.setRoles(sandbox.apps[1]!, ['Intake']);
    const enough = await d365('role case.resolve --compare --connection nightly');
    expect([enough.exitCode, enough.stdout], enough.stderr).to.satisfy(
      ([code, text]: [number, string]) => code === 0 && text.includes('0 missing'),
    );
    const taken = await d365('role case.resolve --connection admin --create Intake');
    expect(taken.stderr).to.contain('--replace');
  });
});
