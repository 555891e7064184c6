import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { accountEnrichment, defineKeys } from '../../examples/account-enrichment.ts';
import { routingAndEscalation } from '../../examples/routing-and-escalation.ts';
import { salesAndService } from '../../examples/sales-and-service.ts';
import { exportCases } from '../../examples/service-analytics.ts';
import { formatCsvLine, parseCsvLine } from '../../examples/support/csv.ts';
import type { ExampleContext } from '../../examples/support/run-example.ts';
import { unifiedTicketing } from '../../examples/unified-ticketing.ts';
import type { JsonObject } from '../../src/index.ts';
import { openSandboxClient } from '../support/sandbox-client.ts';

describe('the examples', function () {
  this.timeout(60_000);
  let context: ExampleContext & { close(): Promise<void> };
  const rows = async (action: string, input: JsonObject = {}): Promise<readonly JsonObject[]> =>
    (await context.client.run(action, input)).output as readonly JsonObject[];
  const runExample = async (
    example: (context: ExampleContext, print: (line: string) => void) => Promise<void>,
  ) => {
    const lines: string[] = [];
    await example(context, (line) => lines.push(line));
    return lines;
  };

  beforeEach(async () => {
    context = await openSandboxClient({ organizations: [{ name: 'contoso', data: 'sample' }] });
  });
  afterEach(() => context.close());

  it('unified ticketing answers, notes and resolves what came in, once', async () => {
    const lines = await runExample(unifiedTicketing);
    expect(lines.map((line) => line.split(':')[0])).to.deep.equal(['new', 'answered', 'resolved']);
    const [row] = await rows('case.list', { search: 'The kettle does not boil' });
    expect(row).to.include({ state: 'resolved' });
    const [mail] = await rows('email.list', { regardingId: row!.id! });
    expect(mail).to.include({ status: 'sent', outgoing: true });
    const [note] = await rows('note.list', { regardingId: row!.id! });
    expect(note?.text).to.match(/ticketing workflow/);
  });

  it('sales and service warns the owner of a sale whose customer has an urgent case', async () => {
    const [sale] = (await rows('opportunity.list', { state: 'open', limit: 20 })).filter(
      ({ customer }) => customer !== null,
    );
    const { table, id } = sale!.customer as JsonObject;
    await context.client.run('case.create', {
      title: 'Fire',
      customer: { table: table!, id: id! },
      priority: 'high',
    });
    const lines = await runExample(salesAndService);
    expect(lines.some((line) => line.startsWith(`${sale!.name} `) && line.endsWith(' 1 urgent'))).to.equal(
      true,
    );
    const [task] = await rows('task.list', { regardingId: sale!.id!, search: 'Urgent case open' });
    expect((task!.owner as JsonObject).id).to.equal((sale!.owner as JsonObject).id);
  });

  it('account enrichment makes each company and person once, however often it runs', async () => {
    defineKeys(context);
    expect(await runExample(accountEnrichment)).to.deep.equal(['accounts: 3 written', 'contacts: 3 written']);
    const [person] = await rows('contact.list', { email: 'carl@litware.example' });
    expect(person).to.deep.include({ firstName: 'Carl', lastName: "O'Brien" });
    expect(person!.company).to.include({ name: 'Litware, Ltd.' });
    await runExample(accountEnrichment);
    expect((await rows('account.list', { number: 'AC-1003' })).length).to.equal(1);
    expect((await rows('contact.list', { email: 'carl@litware.example' })).length).to.equal(1);
  });

  it('routing and escalation puts urgent cases and those near their SLA into the queue, with a task', async () => {
    const lines = await runExample(routingAndEscalation);
    expect(lines.length).to.equal(3);
    expect(lines[0]).to.match(/^urgent: CAS-.* All kettles are cold$/);
    expect(lines[1]).to.match(/^First response is near: CAS-.* One lid sticks$/);
    expect(lines[2]).to.match(/^waiting in Second line: /);
    expect(lines[2]).to.include('All kettles are cold').and.include('One lid sticks');
    for (const [search, priority] of [
      ['All kettles are cold', 'high'],
      ['One lid sticks', 'low'],
    ] as const) {
      const [row] = await rows('case.list', { search });
      expect(row).to.include({ priority, escalated: true });
      expect((await rows('task.list', { regardingId: row!.id! })).length).to.equal(1);
    }
  });

  it('service analytics exports everything once, then only what changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cases-'));
    const { client } = context;
    const all = (await client.run('case.count')).output as number;
    expect(await exportCases({ client, folder }, () => {})).to.equal(all);
    expect(await exportCases({ client, folder }, () => {})).to.equal(0);
    const [open] = await rows('case.list', { state: 'active', limit: 1 });
    await client.run('case.update', { id: open!.id!, priority: 'low' });
    await client.run('case.resolve', { id: open!.id!, subject: 'Done' }).catch(() => undefined);
    expect(await exportCases({ client, folder }, () => {})).to.equal(1);
    const lines = (await readFile(join(folder, 'cases.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.length).to.equal(all + 1);
    const facts = lines.map((line) => JSON.parse(line) as JsonObject);
    expect(
      facts.filter(({ state }) => state === 'resolved').some(({ hours }) => Number(hours) >= 0),
    ).to.equal(true);
    expect((await readFile(join(folder, 'cases.csv'), 'utf8')).split('\n')[0]).to.match(/^number,title/);
  });

  it('CSV lines come back as they went, and hold no formula', () => {
    const field = fc.string().filter((text) => !/^[=+\-@\t\r]|[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(parseCsvLine(formatCsvLine(fields))).to.deep.equal(fields);
      }),
    );
    expect(formatCsvLine(['=1+1'])).to.equal("'=1+1");
  });
});
