import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Details of the actions of Customer Service and Sales; every-action.test.ts covers their main effect. */
describe('actions of Customer Service and Sales', () => {
  let fixture: SandboxClient;
  let me: JsonObject;
  let account: JsonObject;
  let contact: JsonObject;
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await fixture.client.run(action, input)).output as JsonObject;
  const stored = (table: string, id: Json | undefined) =>
    fixture.sandbox.organization.store.read(table, String(id))?.values;
  const errorOf = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );

  before(async () => {
    fixture = await openSandboxClient();
    me = { table: 'user', id: (await fixture.client.check()).userId };
    account = { table: 'account', id: (await run('account.create', { name: 'Fabrikam, Inc.' })).id! };
    const person = { firstName: 'Ann', lastName: 'Nguyen', email: 'ann@fabrikam.example', company: account };
    contact = { table: 'contact', id: (await run('contact.create', person)).id! };
  });
  after(() => fixture.close());

  const newCase = async (title = 'The kettle does not boil'): Promise<JsonObject> =>
    await run('case.create', { title, customer: account, contact });

  const allowUnresolvedRecipients = (allowunresolvedpartiesonemailsend: boolean) => {
    const { store } = fixture.sandbox.organization;
    const actor = { userId: String(me.id) };
    const [organization] = store.query('organization', { actor }).rows;
    const values = { allowunresolvedpartiesonemailsend };
    store.update({ table: 'organization', id: organization!.id, values, actor });
  };

  it('case.resolve: resolves a case, and advises to close open activities first', async () => {
    const { id } = await newCase();
    await run('task.create', { subject: 'Look at it', regarding: { table: 'case', id: id! } });
    const open = await errorOf(run('case.resolve', { id: id!, subject: 'New fuse' }));
    expect(open.advice).to.match(/activities/i);
    const [task] = (await fixture.client.run('task.list', { regardingId: id! })).output as JsonObject[];
    await run('task.complete', { id: task!.id! });
    await run('case.resolve', { id: id!, subject: 'New fuse', minutesSpent: 20 });
    expect(stored('incident', id)).to.include({ statecode: 1, statuscode: 5 });
    const { output } = await fixture.client.run('case-resolution.list', { caseId: id! });
    expect(output).to.have.nested.property('0.minutesSpent', 20);
    await run('case.reopen', { id: id! });
    await run('case.cancel', { id: id! });
    expect(stored('incident', id)).to.include({ statecode: 2 });
  });

  it('case.merge: moves the activities of the other case and rejects a second merge', async () => {
    const [kept, other] = [await newCase('kept'), await newCase('other')];
    const task = await run('task.create', {
      subject: 'Look at it',
      regarding: { table: 'case', id: other.id! },
    });
    await run('case.merge', { id: kept.id!, otherId: other.id! });
    expect(stored('incident', other.id)).to.include({ statecode: 2, statuscode: 2000 });
    expect(stored('task', task.id)?.regardingobjectid).to.deep.equal({ table: 'incident', id: kept.id });
    const again = await errorOf(run('case.merge', { id: kept.id!, otherId: other.id! }));
    expect(again.category).to.equal('data');
  });

  it('lead.qualify: uses an existing customer', async () => {
    const { id } = await run('lead.create', { subject: 'One kettle', lastName: 'Lee' });
    const options = { createAccount: false, createContact: false };
    const made = (await fixture.client.run('lead.qualify', { id: id!, ...options, customer: account }))
      .output;
    const [sale, ...others] = made as JsonObject[];
    expect(others).to.deep.equal([]);
    expect(stored('opportunity', sale!.id)?.customerid).to.deep.equal({ table: 'account', id: account.id });
  });

  it('email.send-new: addresses contacts, accounts, users and queues in each role', async () => {
    const desk = { name: 'Support', email: 'desk@contoso.example' };
    const queue = { table: 'queue', id: (await run('queue.create', desk)).id! };
    allowUnresolvedRecipients(true);
    const sent = await run('email.send-new', {
      subject: 'Your kettle',
      body: '<p>Hello</p>',
      from: [queue],
      to: [contact, { address: 'workshop@example.com' }],
      cc: [account],
      bcc: [me],
    });
    expect(sent).to.include({ state: 'completed', status: 'sent', outgoing: true });
    expect(rolesOf(sent.id)).to.deep.equal([
      '1 queue',
      '2 contact',
      '2 workshop@example.com',
      '3 account',
      '4 systemuser',
    ]);
    allowUnresolvedRecipients(false);
    const draft = await run('email.create', { subject: 'No recipient', from: [me] });
    expect((await errorOf(run('email.send', { id: draft.id! }))).message).to.match(/recipient/i);
  });

  it('email.send-new: leaves no draft if the organization does not send to addresses without a row', async () => {
    const input = { subject: 'Not sent', from: [me], to: [{ address: 'ann@fabrikam.example' }] };
    const error = await errorOf(run('email.send-new', input));
    expect(error.code).to.equal('BAD_REQUEST');
    expect(error.advice).to.include('allowunresolvedpartiesonemailsend');
    expect(await run('email.list', { search: 'Not sent' })).to.deep.equal([]);
  });

  it('email.send-new: rejects a sender that is neither a user nor a queue before sending', async () => {
    for (const sender of [contact, { address: 'desk@contoso.example' }]) {
      const input = { subject: 'x', from: [sender], to: [contact] };
      expect((await errorOf(run('email.send-new', input))).code).to.equal('INPUT_INVALID');
    }
  });

  it('note.download: fails with NOT_FOUND for a note without a file', async () => {
    const { id } = await newCase();
    const note = await run('case.add-note', { id: id!, text: 'Called back' });
    expect((await errorOf(run('note.download', { id: note.id! }))).code).to.equal('NOT_FOUND');
  });

  it('uploadFile and downloadFile: stream a file in blocks', async () => {
    const regarding = { table: 'account', id: account.id! };
    const note = await run('note.create', { regarding, fileName: 'log.txt', mimeType: 'text/plain' });
    const piece = new TextEncoder().encode('0123456789abcdef'.repeat(4096));
    async function* content() {
      for (let i = 0; i < 70; i++) yield piece;
    }
    const upload = {
      noteId: String(note.id),
      fileName: 'log.txt',
      mimeType: 'text/plain',
      content: content(),
    };
    expect(await fixture.client.uploadFile(upload)).to.equal(70 * piece.length);
    const file = await fixture.client.downloadFile(String(note.id));
    const blocks: number[] = [];
    for await (const block of file.content) blocks.push(block.length);
    expect(blocks).to.deep.equal([3145728, 70 * piece.length - 3145728]);
    expect((await errorOf(fixture.client.downloadFile('x)/accounts('))).code).to.equal('INPUT_INVALID');
  });

  it('uploadFile and downloadFile: stream the file of a column in blocks', async () => {
    fixture.sandbox.organization.store.addColumn('account', {
      ...{ logicalName: 'new_contract', schemaName: 'new_Contract', displayName: 'Contract', type: 'File' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true },
    });
    const column = { table: 'account', id: String(account.id), column: 'new_contract' };
    const none = await errorOf(fixture.client.downloadFile(column));
    expect(none).to.include({ code: 'NOT_FOUND' });
    const names = { fileName: 'contract.bin', mimeType: 'application/x-contract' };
    const content = [new Uint8Array(3 * 1024 * 1024).fill(7), new Uint8Array(10).fill(8)];
    expect(await fixture.client.uploadFile({ ...column, ...names, content })).to.equal(3145738);
    const file = await fixture.client.downloadFile(column);
    expect(file).to.include({ ...names, size: 3145738 });
    const blocks: Uint8Array[] = [];
    for await (const block of file.content) blocks.push(block);
    expect(Buffer.compare(Buffer.concat(blocks), Buffer.concat(content))).to.equal(0);
  });

  it('uploadFile and downloadFile: reject a column that has no files, with those that have', async () => {
    const address = { table: 'account', id: String(account.id), column: 'name' };
    const upload = { ...address, fileName: 'a.txt', mimeType: 'text/plain', content: [] };
    for (const call of [fixture.client.uploadFile(upload), fixture.client.downloadFile(address)]) {
      const error = await errorOf(call);
      expect(error.code).to.equal('INPUT_INVALID');
      expect(error.message).to.include('/column must be a file column or an image column; Account has');
      expect(error.message).to.include('entityimage');
    }
  });

  it('case.share and case.unshare: grant and revoke access', async () => {
    const { id } = await newCase();
    const team = fixture.sandbox.organization.store.insert(
      'team',
      { name: 'Legal' },
      { userId: String(me.id) },
    );
    const who = { table: 'team', id: team.id };
    await run('case.share', { id: id!, with: who, rights: ['ReadAccess', 'WriteAccess'] });
    const rights = () => accessOf(team.id, String(id));
    expect(await rights()).to.equal('ReadAccess, WriteAccess');
    await run('case.unshare', { id: id!, with: who });
    expect(await rights()).to.equal('None');
  });

  it('user.search and team.search: find by name and email address', async () => {
    fixture.sandbox.organization.store.insert('team', { name: 'Night shift' }, { userId: String(me.id) });
    const user = await run('user.get', { id: me.id! });
    for (const text of [user.name, user.email]) {
      const found = (await fixture.client.run('user.search', { text: String(text) })).output as JsonObject[];
      expect(found.map(({ id }) => id)).to.include(me.id);
    }
    const teams = (await fixture.client.run('team.search', { text: 'night' })).output as JsonObject[];
    expect(teams.map(({ name }) => name)).to.deep.equal(['Night shift']);
  });

  /** The parties of an activity: role and table, or role and address. */
  function rolesOf(activityId: Json | undefined): readonly string[] {
    const { store } = fixture.sandbox.organization;
    const all = store.query('activityparty', { actor: { userId: String(me.id) } }).rows;
    return all
      .filter(({ values }) => (values.activityid as { id?: string } | null)?.id === activityId)
      .map(({ values }) => {
        const party = values.partyid as { table: string } | null;
        return `${values.participationtypemask} ${party?.table ?? values.addressused}`;
      })
      .filter((role) => /^[1-4] /.test(role))
      .sort();
  }

  async function accessOf(teamId: string, caseId: string): Promise<unknown> {
    const target = encodeURIComponent(JSON.stringify({ '@odata.id': `incidents(${caseId})` }));
    const call = `Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${target}`;
    const response = await fetch(
      `${fixture.sandbox.organization.origin}/api/data/v9.2/teams(${teamId})/${call}`,
      {
        headers: { authorization: `Bearer ${fixture.sandbox.issueToken()}` },
      },
    );
    return ((await response.json()) as { AccessRights: string }).AccessRights;
  }
});
