import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { accountEnrichment } from '../../examples/account-enrichment.ts';
import { routingAndEscalation } from '../../examples/routing-and-escalation.ts';
import { salesAndService } from '../../examples/sales-and-service.ts';
import { servicePerformance } from '../../examples/service-performance.ts';
import { readPerformance } from '../../examples/support/performance-report.ts';
import { type ExampleContext, openSandbox } from '../../examples/support/run-example.ts';
import { defineKeys } from '../../examples/support/sandbox-setup.ts';
import { unifiedTicketing } from '../../examples/unified-ticketing.ts';
import { saveConnection } from '../../packages/mcp/test/fixture.ts';
import type { Client, Operations } from '../../src/index.ts';

describe('examples', () => {
  let opened: Awaited<ReturnType<typeof openSandbox>>;
  let client: Client<Operations>;
  let connection: ExampleContext['connection'];
  let sandbox: Sandbox;
  let folder: string;

  /** The lines that an example prints. */
  const collectLines = async (run: (context: ExampleContext) => Promise<unknown>) => {
    const lines: string[] = [];
    await run({ client, connection, sandbox, print: (line) => lines.push(line) });
    return lines;
  };
  const listAll = async <Row>(rows: AsyncIterable<Row>) => {
    const all: Row[] = [];
    for await (const row of rows) all.push(row);
    return all;
  };

  beforeEach(async () => {
    opened = await openSandbox();
    ({ client, connection, sandbox } = opened);
    folder = await mkdtemp(join(tmpdir(), 'd365-examples-'));
  });
  afterEach(async () => {
    await opened.close();
    await rm(folder, { recursive: true });
  });

  it('unified-ticketing answers, notes and resolves the new case once, and prints its timeline', async () => {
    const lines = await collectLines(unifiedTicketing);
    const [row] = await listAll(client.list('case.list', { search: 'The kettle does not boil' }));
    expect(row).to.include({ state: 'resolved' });
    expect(lines.slice(0, 4)).to.deep.equal([
      `new: ${row?.number} The kettle does not boil`,
      `answered: RE: The kettle does not boil ${row?.number} (sent)`,
      'resolved: The kettle does not boil: Sent a new fuse',
      `timeline of ${row?.number}, the newest first:`,
    ]);
    expect(lines.slice(4).map((line) => line.replace(/^ {2}\S+Z {2}/, ''))).to.have.members([
      'case-resolution: Sent a new fuse',
      'note: Answered by the ticketing workflow.',
      `email (sent): RE: The kettle does not boil ${row?.number}`,
    ]);
    const [mail] = await listAll(client.list('email.list', { regardingId: row?.id }));
    const { output: files } = await client.run('attachment.list', { activityId: mail?.id ?? '' });
    expect(files.map(({ fileName }) => fileName)).to.deep.equal(['fuse.txt']);
  });

  it('unified-ticketing creates its demo contact once, and leaves other new cases as they are', async () => {
    await collectLines(unifiedTicketing);
    const [demo] = await listAll(client.list('contact.list', { email: 'kettle.demo@example.com' }));
    const customer = { table: 'contact', id: demo?.id ?? '' } as const;
    let createdOther = false;
    const run = client.run;
    // A case of another person arrives at the same time as the demo case.
    const busyClient: typeof client = {
      ...client,
      run: async (...args) => {
        if (args[0] === 'case.create' && !createdOther) {
          createdOther = true;
          await client.run('case.create', { title: 'Other case', customer });
        }
        return run(...args);
      },
    };
    const lines: string[] = [];
    await unifiedTicketing({ client: busyClient, print: (line) => lines.push(line) });
    expect(lines.filter((line) => line.startsWith('new: ')).length).to.equal(2);
    const [other] = await listAll(client.list('case.list', { search: 'Other case' }));
    expect(other).to.include({ state: 'active' });
    expect(await listAll(client.list('contact.list', { email: 'kettle.demo@example.com' }))).to.have.length(
      1,
    );
  });

  it('sales-and-service lists customers with open cases and warns the owner of an opportunity once', async () => {
    const sales = await listAll(client.list('opportunity.list', { state: 'open' }));
    const sale = sales.find(({ customer }) => customer?.table === 'account');
    const customer = { table: 'account', id: sale?.customer?.id ?? '' } as const;
    await client.run('case.create', { title: 'Fire', customer, priority: 'high' });
    const lines = await collectLines(salesAndService);
    expect(lines.find((line) => line.startsWith(`${sale?.customer?.name}: `))).to.match(
      /: [1-9]\d* open, [1-9]/,
    );
    expect(lines.slice(0, -1).some((line) => line.includes(': 0 open'))).to.equal(false);
    expect(lines.at(-1)).to.match(
      new RegExp(`^${sales.length} open opportunities, .* have open cases, [1-9]\\d* new warnings$`),
    );
    const [task] = await listAll(
      client.list('task.list', { regardingId: sale?.id, search: 'Urgent case open' }),
    );
    expect(task?.owner?.id).to.equal(sale?.owner?.id);
    expect((await collectLines(salesAndService)).at(-1)).to.match(/ 0 new warnings$/);
  });

  for (const hasKeys of [true, false]) {
    it(`account-enrichment creates each row once ${hasKeys ? 'with' : 'without'} alternate keys`, async () => {
      if (hasKeys) defineKeys(sandbox);
      const lines = await collectLines(accountEnrichment);
      expect(lines.filter((line) => line.includes('no alternate key')).length).to.equal(hasKeys ? 0 : 2);
      expect(lines).to.include('accounts: 3 written').and.to.include('contacts: 3 written');
      await collectLines(accountEnrichment);
      const people = await listAll(client.list('contact.list', { email: 'carl@litware.example' }));
      expect(people).to.have.length(1);
      expect(people[0]).to.deep.include({ firstName: 'Carl', lastName: "O'Brien" });
      expect(people[0]?.company).to.include({ name: 'Litware, Ltd.' });
      expect(await listAll(client.list('account.list', { number: 'AC-1003' }))).to.have.length(1);
    });
  }

  it('routing-and-escalation adds urgent and overdue cases to the queue, with a task for the manager', async () => {
    const lines = await collectLines(routingAndEscalation);
    expect(lines).to.have.length(4);
    expect(lines[3]).to.equal('picked first: All kettles are cold');
    expect(lines[0]).to.match(/^urgent: CAS-\S+ All kettles are cold -> Second line; task for \S+/);
    expect(lines[1]).to.match(
      /^First response is due soon: CAS-\S+ One lid sticks -> Second line; task for \S+/,
    );
    expect(lines[2]).to.match(/^waiting in Second line: /);
    expect(lines[2]).to.include('All kettles are cold').and.include('One lid sticks');
    for (const [search, priority] of [
      ['All kettles are cold', 'high'],
      ['One lid sticks', 'low'],
    ] as const) {
      const [row] = await listAll(client.list('case.list', { search }));
      expect(row).to.include({ priority, escalated: true });
      const tasks = await listAll(client.list('task.list', { regardingId: row?.id }));
      expect(tasks).to.have.length(1);
      const { output: owner } = await client.run('user.get', { id: row?.owner?.id ?? '' });
      expect(tasks[0]?.owner?.id).to.equal(owner.manager?.id);
    }
  });

  it('routing-and-escalation reuses its queue, and gives the tasks to the user of --manager', async () => {
    await collectLines(routingAndEscalation);
    const [manager] = (await client.run('user.list', { search: 'Emil', limit: 1 })).output;
    const lines = await collectLines((context) => routingAndEscalation(context, { manager: manager?.id }));
    expect(lines.filter((line) => line.endsWith(`task for ${manager?.name}`))).to.have.length(2);
    const queues = await listAll(client.list('queue.list', { search: 'Second line' }));
    expect(queues.filter(({ name }) => name === 'Second line')).to.have.length(1);
  });

  it('service-performance reports the cases of its mirror, and what changed since on the next run', async () => {
    const options = { folder };
    const first = await collectLines((context) => servicePerformance(context, options));
    expect(first[0]).to.match(/^priority +cases +resolved +avg\. hours +SLA met +satisfaction$/);
    const rows = first.slice(1, -1).map((line) => line.split(/ {2,}/));
    expect(rows.map(([priority]) => priority)).to.deep.equal(['High', 'Normal', 'Low']);
    expect(rows.reduce((sum, [, cases]) => sum + Number(cases), 0)).to.equal(60);
    for (const [, , , hours, slaMet, satisfaction] of rows) {
      expect(Number(hours)).to.be.greaterThan(0);
      expect(slaMet).to.match(/^\d+ %$/);
      expect(Number(satisfaction)).to.be.within(1, 5);
    }
    expect(await readFile(join(folder, 'hours.svg'), 'utf8')).to.match(/^<svg .*<rect /s);
    const [open] = await listAll(client.list('case.list', { state: 'active', limit: 1 }));
    await client.run('case.delete', { id: open?.id ?? '' });
    await collectLines(({ print }) => servicePerformance({ client, connection, print }, options));
    expect(
      readPerformance(join(folder, 'service.sqlite')).reduce((sum, { cases }) => sum + cases, 0),
    ).to.equal(59);
  });

  /** No variables of this machine; code that was compiled before is not compiled again. */
  const ownEnv = { PATH: '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
  /** Runs a program as a process of its own, on a saved connection of an application. */
  const runOnConnection = async (program: string, ...args: readonly string[]) => {
    const env = await saveConnection(sandbox, folder);
    const file = join(import.meta.dirname, '../../examples', `${program}.ts`);
    const options = [...process.execArgv, file, '--connection', 'sandbox', ...args];
    return (await promisify(execFile)(process.execPath, options, { env: { ...ownEnv, ...env } })).stdout;
  };

  it('unified-ticketing runs on a saved connection', async () => {
    const output = await runOnConnection('unified-ticketing');
    expect(output).to.match(/^Only the demo case is processed/);
    expect(output).to.include('case-resolution: Sent a new fuse\n');
  });

  it('sales-and-service and account-enrichment run on a saved connection', async () => {
    expect(await runOnConnection('sales-and-service')).to.match(/^(?!created).* open, /);
    expect(await runOnConnection('sales-and-service')).to.match(/ 0 new warnings\n$/);
    const output = await runOnConnection('account-enrichment');
    expect(output).to.match(/^account: no alternate key on accountnumber/);
    expect(output).to.match(/accounts: 3 written\n[\s\S]*contacts: 3 written\n$/);
  });

  it('routing-and-escalation on a saved connection adds no SLA and cancels its demo cases', async () => {
    const output = await runOnConnection('routing-and-escalation');
    expect(output)
      .to.match(/No SLA applies to them/)
      .and.to.match(/has no manager, use --manager/);
    expect(output).to.match(/canceled the demo cases CAS-\S+ and CAS-\S+\n$/);
    const [row] = await listAll(client.list('case.list', { search: 'All kettles are cold' }));
    expect(row).to.include({ state: 'canceled', escalated: true });
  });

  it('service-performance on a saved connection reports the cases and changes nothing', async () => {
    const { output: cases } = await client.run('case.count');
    const output = await runOnConnection('service-performance', '--folder', join(folder, 'performance'));
    const rows = output.split('\n').flatMap((line) => /^(?:High|Normal|Low) +(\d+)/.exec(line)?.[1] ?? []);
    expect(rows.reduce((sum, count) => sum + Number(count), 0)).to.equal(cases);
    expect(await client.run('case.count')).to.deep.include({ output: cases });
  });

  it('an unknown connection ends a program with an error and advice', async () => {
    const file = join(import.meta.dirname, '../../examples/unified-ticketing.ts');
    const env = { ...ownEnv, D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'keys/vault.key') };
    const args = [...process.execArgv, file, '--connection', 'production'];
    const error = await promisify(execFile)(process.execPath, args, { env }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 1 }).and.to.have.property('stderr');
    expect(String(error)).to.include('There is no connection "production". Create one with `d365 connect`.');
  });
});
