import type { Client } from '@modelcontextprotocol/client';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { callTool, startHttpServer } from './fixture.ts';

const maxCalls = 14;
const maxBytes = 30_000;

describe('MCP server: ten requests of a service desk', () => {
  let fixture: SandboxClient;
  let client: Client;
  let close: () => Promise<void>;
  const spent = { calls: 0, bytes: 0 };
  const questions: string[] = [];

  before(async () => {
    fixture = await openSandboxClient({ organizations: [{ name: 'contoso', data: 'sample' }] });
    const { server, connect } = await startHttpServer(fixture, { permissions: { writes: true } });
    client = await connect((message) => {
      questions.push(message);
      return { action: 'accept', content: { confirm: true } };
    });
    close = () => server.close();
  });
  after(async () => {
    await close();
    await fixture.close();
  });

  /** Calls a tool as a model does, which pays for the text of the answer. */
  const call = async (name: string, args: JsonObject) => {
    const { text, isError } = await callTool(client, name, args);
    expect(isError, text).to.equal(false);
    spent.calls += 1;
    spent.bytes += Buffer.byteLength(text);
    return JSON.parse(text) as { readonly output: never; readonly changedRow?: JsonObject };
  };
  const run = (action: string, input: JsonObject) => call('run_action', { action, input });

  it(`are solved with at most ${maxCalls} calls and ${maxBytes} bytes of answers`, async () => {
    // 1. The open cases with high priority of a customer.
    const [customer] = (await call('account_search', { text: 'Santorini' })).output as JsonObject[];
    const urgent = { customerId: customer!.id!, state: 'active', priority: 'high' };
    const [found] = (await call('case_list', urgent)).output as JsonObject[];
    const id = found!.id!;
    // 2. Reply to the customer.
    const sent = await call('case_reply-by-email', { id, body: '<p>We are on it.</p>' });
    expect((sent.output as JsonObject).status).to.equal('sent');
    expect(questions).to.have.length(1);
    expect(questions[0]).to.include('SENDS').and.to.include('Santorini').and.to.include('We are on it.');
    // 3. Escalate.
    expect((await call('case_update', { id, escalated: true })).output).to.include({ escalated: true });
    // 4. Add a contact if there is none, and link it to the case.
    const email = 'kim.kettle@example.com';
    expect((await run('contact.search', { text: email })).output).to.deep.equal([]);
    const contact = (
      await run('contact.create', {
        lastName: 'Kettle',
        email,
        company: { table: 'account', id: customer!.id! },
      })
    ).output as JsonObject;
    const linked = await call('case_update', { id, contact: contact.id! });
    expect((linked.output as JsonObject).contact).to.include({ id: contact.id });
    // 5. Cases per priority since last week.
    const since = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);
    const groups = (
      await call('record_summarize', {
        table: 'case',
        groupBy: ['priority'],
        filter: `createdon ge ${since}`,
      })
    ).output as JsonObject[];
    expect(groups.map(({ priority }) => priority)).to.include('normal');
    // 6. What changed on this account.
    const changes = await call('record_list-changes', { table: 'account', id: customer!.id! });
    expect(changes.output).to.have.property('audited');
    // 7. Attach a file.
    const file = { fileName: 'fuse.txt', content: Buffer.from('Change the fuse.').toString('base64') };
    expect(
      (await call('note_attach', { regarding: { table: 'case', id }, ...file })).output,
    ).to.have.property('id');
    // 8. Assign to the team with the least open cases.
    const load = (
      await call('record_summarize', { table: 'case', groupBy: ['owner'], filter: 'statecode eq 0' })
    ).output as JsonObject[];
    const teams = load.flatMap(({ owner }) =>
      (owner as JsonObject).table === 'team' ? [owner as JsonObject] : [],
    );
    const owner = teams.at(-1)!;
    const assigned = await call('case_assign', { id, assignee: { table: 'team', id: owner.id! } });
    expect(assigned.changedRow ?? assigned.output).to.have.nested.property('owner.id', owner.id);
    // 9. Find a case by its number.
    const [byNumber] = (await call('case_search', { text: String(found!.number) })).output as JsonObject[];
    expect(byNumber).to.include({ id });
    // 10. Resolve it.
    const resolved = await call('case_resolve', { id, subject: 'New fuse' });
    expect(resolved.changedRow).to.include({ id, state: 'resolved' });

    expect(spent.calls).to.be.at.most(maxCalls);
    expect(spent.bytes).to.be.at.most(maxBytes);
    if (process.env.PRINT_MEASURES) console.log(spent);
  });
});
