import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { loadConnector } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from './fixture.ts';

/** What users of other connectors report of writing, and what can be read in their code: shown not to happen here. */
describe('pains of other connectors, writing', function () {
  this.timeout(20_000);
  let stage: KnownIssueFixture;
  beforeEach(async () => {
    stage = await openFixture();
  });
  afterEach(() => stage.close());

  it('retrying POST on 503: one that may have been carried out is not sent again', async () => {
    const { id } = await stage.newCase();
    stage.organization.faults.add({ kind: 'status', status: 503, path: '/CloseIncident', times: 5 });
    stage.sent.length = 0;
    const error = await stage.failure(stage.run('case.resolve', { id: id!, subject: 'Done' }));
    expect(error.code).to.equal('REQUEST_OUTCOME_UNKNOWN');
    expect(stage.sent.filter(({ url }) => url.includes('CloseIncident')).length).to.equal(1);
  });

  it('sending every value as a string: values go out as what they are', () => {
    const { body } = stage.client.explain('account.create', {
      name: '7',
      revenue: '12.50',
      employees: 3,
      creditHold: true,
    });
    expect(body).to.deep.include({ name: '7', revenue: 12.5, numberofemployees: 3, creditonhold: true });
  });

  it('columns dropped from forms: lookups, memos, money and owners are asked for, custom columns too', async () => {
    const connector = await loadConnector();
    const { actions } = connector.definition;
    const asked = Object.keys(actions['opportunity.create']!.input.properties as object);
    expect(asked).to.include.members(['customer', 'description', 'estimatedValue', 'owner']);
    const { store } = stage.organization;
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
    const schema = await stage.client.tableSchema('new_parcel');
    const columns = ['new_name', 'new_owedto', 'new_remarks', 'new_price', 'ownerid'];
    expect(Object.keys(schema!.properties as object)).to.include.members(columns);
  });

  it('"undeclared property ... only has property annotations": lookups are bound, or the error says how', async () => {
    const { id } = await stage.run('contact.create', { lastName: 'Lee' });
    const customer = { table: 'contact', id: id! };
    const row = await stage.run('case.create', { title: 'x', customer });
    expect(row.customer).to.include(customer);
    stage.sent.length = 0;
    const values = { title: 'x', customerid: id! };
    const early = await stage.failure(stage.run('record.create', { table: 'incident', values }));
    expect(early.code).to.equal('INPUT_INVALID');
    expect(stage.sent.filter(({ method }) => method !== 'GET')).to.deep.equal([]);
    const raw = { method: 'POST', path: '/incidents', body: values };
    const late = await stage.failure(stage.run('request.send', raw));
    expect(`${late.message} ${late.advice}`).to.match(/@odata\.bind/);
  });

  it('a case cannot be resolved by update: the update does not offer it, and the refusal names what does', async () => {
    const { id } = await stage.newCase();
    const offered = await stage.failure(stage.run('case.update', { id: id!, state: 'resolved' }));
    expect(offered.code).to.equal('INPUT_INVALID');
    const raw = await stage.failure(
      stage.run('request.send', { method: 'PATCH', path: `/incidents(${id})`, body: { statecode: 1 } }),
    );
    expect(`${raw.message} ${raw.advice}`).to.match(/CloseIncident|case\.resolve/);
  });

  it('the server’s real message hidden: its words stand in the error, with a next step', async () => {
    const { id } = await stage.newCase();
    const error = await stage.failure(stage.run('queue-item.pick', { id: id!, user: { id: id! } }));
    expect(error.details.serverMessage).to.match(/Does Not Exist/i);
    expect(error.advice).to.not.equal('');
  });

  it('attachments over a few MB: a file goes up and comes back in blocks, byte for byte', async () => {
    const { id } = await stage.newCase();
    const bytes = randomBytes(7_000_000);
    const photo = { fileName: 'photo.png', mimeType: 'image/png', content: bytes.toString('base64') };
    const note = await stage.run('note.attach', { regarding: { table: 'case', id: id! }, ...photo });
    const file = await stage.run('note.download', { id: note.id! });
    expect(Buffer.from(String(file.content), 'base64').equals(bytes)).to.equal(true);
    const sizes = stage.sent.map(({ body }) => body?.length ?? 0);
    expect(Math.max(...sizes)).to.be.below(6_000_000);
  });
});
