import { expect } from 'chai';
import type { AuditLine } from '../../src/model/audit.ts';
import { createSender } from '../../src/node/create-sender.ts';
import { createMemoryAudit } from '../support/memory-audit.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

const secretText = 'Kettle-4711 leaks';

describe('audit: a line for each row that is written', () => {
  const audit = createMemoryAudit();
  let fixture: SandboxClient;
  let isBroken = false;
  before(async () => {
    const send = createSender();
    fixture = await openSandboxClient(
      {},
      {
        audit,
        send: async (request) => {
          const response = await send(request);
          if (!isBroken || request.method === 'GET') return response;
          throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        },
      },
    );
  });
  beforeEach(() => audit.clear());
  after(() => fixture.close());

  const run = async (action: string, input: object) =>
    (await fixture.client.run(action, input as never)).output as { readonly id: string };
  const createAccount = () => run('account.create', { name: secretText });
  const rows = () =>
    audit.lines.map(({ change, table, id, outcome, message }) => ({
      ...{ change, table, id, outcome },
      ...(message === undefined ? {} : { message }),
    }));

  it('a create says who, what, which row and the outcome', async () => {
    const { id } = await createAccount();
    const [line] = audit.lines;
    const { time, user, requestId, serviceRequestId, ...rest } = line as AuditLine;
    expect(rest).to.deep.equal({
      organization: fixture.sandbox.organization.origin,
      operation: 'account.create',
      change: 'create',
      table: 'account',
      id,
      outcome: 'done',
      status: 201,
    });
    expect(time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(user).to.match(/^[0-9a-f-]{36}$/);
    expect(requestId).to.match(/^[0-9a-f-]{36}$/);
    expect(serviceRequestId).to.match(/^[0-9a-f-]{36}$/);
  });

  it('an update, a delete and a failed one', async () => {
    const { id } = await createAccount();
    audit.clear();
    await run('account.update', { id, name: 'B' });
    await run('account.delete', { id });
    await run('account.delete', { id }).catch(() => {});
    expect(rows()).to.deep.equal([
      { change: 'update', table: 'account', id, outcome: 'done' },
      { change: 'delete', table: 'account', id, outcome: 'done' },
      { change: 'delete', table: 'account', id, outcome: 'failed' },
    ]);
    expect(audit.lines.at(-1)).to.include({ status: 404, code: 'NOT_FOUND' });
  });

  it('an action of Dataverse names the row that its parameters name', async () => {
    const account = await createAccount();
    const { id } = await run('case.create', {
      title: secretText,
      customer: { table: 'account', id: account.id },
    });
    audit.clear();
    await run('case.resolve', { id, subject: secretText });
    expect(rows()).to.deep.equal([
      { change: 'call', table: 'incident', id, outcome: 'done', message: 'CloseIncident' },
    ]);
  });

  it('a row of a table that the connector does not know has its id', async () => {
    await run('record.create', { table: 'socialprofile', values: { profilename: secretText, community: 1 } });
    expect(rows()[0]).to.include({ change: 'create', outcome: 'done' });
    expect(rows()[0]?.table).to.match(/^socialprofiles?$/);
    expect(rows()[0]?.id).to.match(/^[0-9a-f-]{36}$/);
  });

  for (const route of ['single', 'batch', 'message'] as const) {
    it(`each row of a bulk write has a line (route ${route})`, async () => {
      const names = ['A', 'B', 'C'];
      const ids: (string | undefined)[] = [];
      const job = { table: 'account', verb: 'create', route, rows: names.map((name) => ({ name })) } as const;
      for await (const { id } of fixture.client.writeMany(job)) ids.push(id);
      const written = rows().filter(({ change }) => change === 'create');
      expect(written.map(({ id }) => id)).to.have.members(ids);
      expect(written.every(({ table, outcome }) => table === 'account' && outcome === 'done')).to.equal(true);
      audit.clear();
      const deletions = {
        table: 'account',
        verb: 'delete',
        route: 'batch',
        rows: ids.map((id) => ({ id: id! })),
      } as const;
      for await (const { error } of fixture.client.writeMany(deletions)) expect(error).to.equal(undefined);
      expect(rows().map(({ id, change }) => `${change} ${id}`)).to.have.members(
        ids.map((id) => `delete ${id}`),
      );
    });
  }

  it('each step of a change set has a line, and all of them failed if one fails', async () => {
    await fixture.client.changeSet([
      { action: 'account.create', input: { name: 'A' } },
      { action: 'account.create', input: { name: 'B' } },
    ]);
    expect(rows().map(({ change, outcome }) => `${change} ${outcome}`)).to.deep.equal([
      'create done',
      'create done',
    ]);
    audit.clear();
    const missing = '11111111-2222-4333-8444-555555555555';
    const failing = [
      { action: 'account.create', input: { name: 'A' } },
      { action: 'account.update', input: { id: missing, name: 'B' } },
    ] as const;
    await fixture.client.changeSet(failing).catch(() => {});
    expect(rows().map(({ change, outcome }) => `${change} ${outcome}`)).to.deep.equal([
      'create failed',
      'update failed',
    ]);
  });

  it('a lost answer is an unknown outcome', async () => {
    isBroken = true;
    await run('account.update', { id: '11111111-2222-4333-8444-555555555555', name: 'B' }).catch(() => {});
    isBroken = false;
    expect(rows()).to.deep.equal([
      {
        change: 'update',
        table: 'account',
        id: '11111111-2222-4333-8444-555555555555',
        outcome: 'unknown',
      },
    ]);
  });

  it('an upload of a file has one line, and reads have none', async () => {
    const { id } = await createAccount();
    const note = await run('note.create', { regarding: { table: 'account', id }, text: secretText });
    audit.clear();
    await fixture.client.uploadFile({
      noteId: note.id,
      fileName: 'a.txt',
      mimeType: 'text/plain',
      content: [new TextEncoder().encode(secretText)],
    });
    expect(rows()).to.deep.equal([
      {
        change: 'call',
        table: 'annotation',
        id: note.id,
        outcome: 'done',
        message: 'CommitAnnotationBlocksUpload',
      },
    ]);
    audit.clear();
    await (await fixture.client.downloadFile(note.id)).content[Symbol.asyncIterator]().next();
    await run('account.get', { id });
    await run('record.search', { text: 'Kettle' }).catch(() => {});
    await fixture.client.poll('account.created');
    expect(rows()).to.deep.equal([]);
  });

  it('lines have no value of a row', async () => {
    await createAccount();
    await fixture.client
      .run('record.upsert', {
        table: 'account',
        values: { accountnumber: secretText, name: secretText },
      } as never)
      .catch(() => {});
    expect(JSON.stringify(audit.all)).not.to.contain('Kettle');
  });

  it('an audit that fails does not fail the write, and is logged', async () => {
    const failing = await openSandboxClient(
      {},
      {
        audit: {
          write() {
            throw new Error('disk full');
          },
          runAs: (_, work) => work(),
        },
        log: ({ event }) => void events.push(event),
      },
    );
    const events: string[] = [];
    await failing.client.run('account.create', { name: 'A' });
    await failing.close();
    expect(events).to.include('audit.failed');
  });
});
