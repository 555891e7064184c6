import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { runtimeOf } from '../../../src/client/connector.ts';
import { loadConnector } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from './fixture.ts';

/** Issues that users of other connectors report about writes, or that are visible in their code. */
describe('known issues of other connectors: writes', () => {
  let fixture: KnownIssueFixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.close());

  it('retrying POST on 503: a request that may have been carried out is not sent again', async () => {
    const { id } = await fixture.newCase();
    fixture.organization.faults.add({ kind: 'status', status: 503, path: '/CloseIncident', times: 5 });
    fixture.sent.length = 0;
    const error = await fixture.errorOf(fixture.run('case.resolve', { id: id!, subject: 'Done' }));
    expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(fixture.sent.filter(({ url }) => url.includes('CloseIncident')).length).to.equal(1);
  });

  it('sending every value as a string: values are sent with their types', () => {
    const { body } = fixture.client.explain('account.create', {
      name: '7',
      revenue: '12.50',
      employees: 3,
      creditHold: true,
    });
    expect(body).to.deep.include({ name: '7', revenue: 12.5, numberofemployees: 3, creditonhold: true });
  });

  it('columns missing in forms: lookups, memos, money, owners and custom columns are in the schema', async () => {
    const connector = await loadConnector();
    const { actions } = runtimeOf(connector).definition;
    const inputs = Object.keys(actions['opportunity.create']!.input.properties as object);
    expect(inputs).to.include.members(['customer', 'description', 'estimatedValue', 'owner']);
    const { store } = fixture.organization;
    store.addTable({ logicalName: 'new_parcel', displayName: 'Parcel', primaryName: 'new_name' });
    const common = { required: 'None', validForCreate: true, validForUpdate: true } as const;
    for (const [name, type] of [
      ['new_owedto', 'Lookup'],
      ['new_remarks', 'Memo'],
      ['new_price', 'Money'],
    ] as const) {
      const targets = type === 'Lookup' ? { targets: [{ table: 'contact', navigation: name }] } : {};
      const names = { logicalName: name, schemaName: name, displayName: name };
      store.addColumn('new_parcel', { ...names, ...common, type, ...targets });
    }
    const schema = await fixture.client.tableSchema('new_parcel');
    const columns = ['new_name', 'new_owedto', 'new_remarks', 'new_price', 'ownerid'];
    expect(Object.keys(schema!.properties as object)).to.include.members(columns);
  });

  it('"undeclared property ... only has property annotations": lookups are bound, or the error explains how', async () => {
    const { id } = await fixture.run('contact.create', { lastName: 'Lee' });
    const customer = { table: 'contact', id: id! };
    const row = await fixture.run('case.create', { title: 'x', customer });
    expect(row.customer).to.include(customer);
    fixture.sent.length = 0;
    const values = { title: 'x', customerid: id! };
    const early = await fixture.errorOf(fixture.run('record.create', { table: 'incident', values }));
    expect(early.code).to.equal('INPUT_INVALID');
    expect(fixture.sent.filter(({ method }) => method !== 'GET')).to.deep.equal([]);
    const raw = { method: 'POST', path: '/incidents', body: values };
    const late = await fixture.errorOf(fixture.run('request.send', raw));
    expect(`${late.message} ${late.advice}`).to.match(/@odata\.bind/);
  });

  it('resolving a case by update: the update does not accept it, and the error names case.resolve', async () => {
    const { id } = await fixture.newCase();
    const offered = await fixture.errorOf(fixture.run('case.update', { id: id!, state: 'resolved' }));
    expect(offered.code).to.equal('INPUT_INVALID');
    const raw = await fixture.errorOf(
      fixture.run('request.send', { method: 'PATCH', path: `/incidents(${id})`, body: { statecode: 1 } }),
    );
    expect(`${raw.message} ${raw.advice}`).to.match(/CloseIncident|case\.resolve/);
  });

  it('hidden server messages: the error has the server’s message and a next step', async () => {
    const { id } = await fixture.newCase();
    const error = await fixture.errorOf(fixture.run('queue-item.pick', { id: id!, user: { id: id! } }));
    expect(error.details.serverMessage).to.match(/Does Not Exist/i);
    expect(error.advice).to.not.equal('');
  });

  it('attachments over a few MB: a file is uploaded and downloaded in blocks', async () => {
    const { id } = await fixture.newCase();
    const bytes = randomBytes(7_000_000);
    const photo = { fileName: 'photo.png', mimeType: 'image/png', content: bytes.toString('base64') };
    const note = await fixture.run('note.attach', { regarding: { table: 'case', id: id! }, ...photo });
    const file = await fixture.run('note.download', { id: note.id! });
    expect(Buffer.from(String(file.content), 'base64').equals(bytes)).to.equal(true);
    const sizes = fixture.sent.map(({ body }) => body?.length ?? 0);
    expect(Math.max(...sizes)).to.be.below(6_000_000);
  });

  it('a note without its file: an upload that breaks leaves no note', async () => {
    const { id } = await fixture.newCase();
    const { organization } = fixture;
    const content = Buffer.alloc(4_000_000).toString('base64');
    const photo = { regarding: { table: 'case', id: id! }, fileName: 'photo.png', content };
    organization.faults.add({ kind: 'status', status: 400, path: '/UploadBlock', times: 1 });
    await fixture.errorOf(fixture.run('note.attach', photo));
    const notes = await fixture.run('note.list', { regardingId: id! });
    expect(notes).to.deep.equal([]);
  });

  it('a file that was attached although the response was lost is attached once', async () => {
    const { id } = await fixture.newCase();
    const { organization } = fixture;
    for (const [bytes, path] of [
      [5, '/annotations'],
      [4_000_000, '/CommitAnnotationBlocksUpload'],
    ] as const) {
      const content = Buffer.alloc(bytes).toString('base64');
      organization.faults.add({ kind: 'reset', atByte: 0, path, times: 1 });
      const photo = { regarding: { table: 'case', id: id! }, fileName: `${bytes}.png`, content };
      expect(await fixture.run('note.attach', photo)).to.include({ fileSize: bytes });
    }
    const notes = await fixture.run('note.list', { regardingId: id! });
    expect(notes).to.have.length(2);
  });
});
