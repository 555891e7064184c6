import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs } from '../../src/days.ts';
import { tableMetadataId } from '../../src/model/metadata-ids.ts';
import { CallerAccess } from '../../src/security/caller-access.ts';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

const bindTable = (table: string) => ({
  'extensionofrecordid@odata.bind': `entities(${tableMetadataId(table)})`,
});

/** An organization that keeps deleted rows for 30 days. */
function createKeepingOrganization(): WebApiFixture {
  const api = createWebApiFixture();
  api.create('recyclebinconfigs', { ...bindTable('organization'), cleanupintervalindays: 30 });
  return api;
}

const fetchDeleted = (api: WebApiFixture, table: string, set: string, inner = '') =>
  api.get(
    `${set}?fetchXml=${encodeURIComponent(`<fetch datasource='bin'><entity name='${table}'>${inner}</entity></fetch>`)}`,
  );

const isDeleted = (api: WebApiFixture, table: 'account' | 'contact', id: string): boolean =>
  fetchDeleted(
    api,
    table,
    `${table}s`,
    `<filter><condition attribute='${table}id' operator='eq' value='${id}'/></filter>`,
  ).json.value.length === 1;

const restore = (api: WebApiFixture, path: string) =>
  api.send('POST', 'Restore', { Target: { '@odata.id': `${base}/${path}` } });

const configOf = (api: WebApiFixture, table: string): string =>
  api.get(`recyclebinconfigs?$filter=_extensionofrecordid_value eq ${tableMetadataId(table)}`).json.value[0]
    .recyclebinconfigid;

describe('recycle bin', () => {
  describe('of an organization that does not keep deleted rows', () => {
    let api: WebApiFixture;
    before(() => {
      api = createWebApiFixture();
    });
    after(() => api.store.close());

    it('is empty: a deleted row is lost', () => {
      const id = api.create('accounts', { name: 'Contoso' });
      api.send('DELETE', `accounts(${id})`);
      expect(fetchDeleted(api, 'account', 'accounts').json.value).to.deep.equal([]);
      expect(restore(api, `accounts(${id})`)).to.deep.include({ status: 404 });
      expect(restore(api, `accounts(${id})`).json.error.code).to.equal('0x80040217');
    });
    it('has no configuration', () => {
      expect(api.get('recyclebinconfigs').json.value).to.deep.equal([]);
    });
  });

  describe('configuration', () => {
    let api: WebApiFixture;
    before(() => {
      api = createKeepingOrganization();
    });
    after(() => api.store.close());

    it('has a row for each table that can keep deleted rows', () => {
      const query =
        'recyclebinconfigs?$select=cleanupintervalindays&$expand=extensionofrecordid($select=logicalname)&$filter=statecode eq 0 and isreadyforrecyclebin eq true';
      const days = Object.fromEntries(
        api
          .get(query)
          .json.value.map(
            (row: { cleanupintervalindays: number; extensionofrecordid: { logicalname: string } }) => [
              row.extensionofrecordid.logicalname,
              row.cleanupintervalindays,
            ],
          ),
      );
      expect(days).to.include({ organization: 30, account: -1, incident: -1, annotation: -1 });
      expect(days).not.to.have.any.keys(
        'systemuser',
        'solution',
        'recyclebinconfig',
        'entity',
        'appointment',
      );
    });
    it('is joined to the tables by FetchXML', () => {
      const xml = `<fetch><entity name='recyclebinconfig'><filter><condition attribute='statecode' operator='eq' value='0'/></filter><link-entity name='entity' from='entityid' to='extensionofrecordid' link-type='inner' alias='entity'><attribute name='logicalname'/><order attribute='logicalname'/></link-entity></entity></fetch>`;
      const names = api
        .get(`recyclebinconfigs?fetchXml=${encodeURIComponent(xml)}`)
        .json.value.map((row: Record<string, unknown>) => row['entity.logicalname']);
      expect(names).to.include.members(['account', 'contact', 'organization']);
      expect(names).to.deep.equal([...names].sort());
    });
    it('refuses a second row of a table, a table that cannot keep rows, and a missing table', () => {
      const post = (body: object) => api.send('POST', 'recyclebinconfigs', body).status;
      expect(post(bindTable('account'))).to.equal(412);
      expect(post(bindTable('systemuser'))).to.equal(400);
      expect(post({})).to.equal(400);
      expect(post({ ...bindTable('organization'), cleanupintervalindays: 31 })).to.equal(400);
    });
    it('gets a row for a new custom table', () => {
      api.store.addTable({ logicalName: 'new_parcel', displayName: 'Parcel', attributes: [] });
      const id = api.create('new_parcels', { new_name: 'P-1' });
      api.send('DELETE', `new_parcels(${id})`);
      expect(restore(api, `new_parcels(${id})`).json.id).to.equal(id);
    });
    it('switches all tables off and on with the row of the organization', () => {
      const api = createKeepingOrganization();
      const deleteOne = () => {
        const id = api.create('accounts', { name: 'Contoso' });
        api.send('DELETE', `accounts(${id})`);
        return fetchDeleted(api, 'account', 'accounts').json.value.length;
      };
      expect(deleteOne()).to.equal(1);
      const path = `recyclebinconfigs(${configOf(api, 'organization')})`;
      expect(
        api.send('PATCH', path, { statecode: 1, statuscode: 2, isreadyforrecyclebin: false }).status,
      ).to.equal(204);
      expect(api.get('recyclebinconfigs?$filter=statecode eq 0').json.value).to.deep.equal([]);
      expect(deleteOne()).to.equal(0);
      api.send('PATCH', path, { statecode: 0, statuscode: 1, isreadyforrecyclebin: true });
      expect(deleteOne()).to.equal(1);
    });
    it('loses all rows when the row of the organization is deleted', () => {
      const api = createKeepingOrganization();
      expect(api.send('DELETE', `recyclebinconfigs(${configOf(api, 'organization')})`).status).to.equal(204);
      expect(api.get('recyclebinconfigs').json.value).to.deep.equal([]);
    });
    it('of one table switches off that table only', () => {
      api.send('PATCH', `recyclebinconfigs(${configOf(api, 'account')})`, { statecode: 1, statuscode: 2 });
      const account = api.create('accounts', { name: 'Contoso' });
      const contact = api.create('contacts', { lastname: 'Lind' });
      api.send('DELETE', `accounts(${account})`);
      api.send('DELETE', `contacts(${contact})`);
      expect(restore(api, `accounts(${account})`).status).to.equal(404);
      expect(restore(api, `contacts(${contact})`).status).to.equal(200);
    });
  });

  describe('query with datasource="bin"', () => {
    let api: WebApiFixture;
    before(() => {
      api = createKeepingOrganization();
    });
    after(() => api.store.close());

    it('returns deleted rows only, with the selected columns and conditions', () => {
      const [one] = ['Contoso', 'Fabrikam', 'Adventure'].map((name) =>
        api.create('accounts', { name, revenue: 20.5 }),
      );
      api.create('accounts', { name: 'Live' });
      for (const { accountid } of api.get("accounts?$filter=name ne 'Live'").json.value)
        api.send('DELETE', `accounts(${accountid})`);
      const inner = `<attribute name='name'/><attribute name='revenue'/><filter><condition attribute='name' operator='like' value='c%'/></filter>`;
      const { json } = fetchDeleted(api, 'account', 'accounts', inner);
      expect(json.value).to.have.length(1);
      expect(json.value[0]).to.include({ accountid: one, name: 'Contoso', revenue: 20.5 });
      expect(
        api.get('accounts?$select=name').json.value.map((row: { name: string }) => row.name),
      ).to.deep.equal(['Live']);
    });
    it('shows a user only the deleted rows that it can read', () => {
      const id = api.create('accounts', { name: 'Secret' });
      api.send('DELETE', `accounts(${id})`);
      const readScope = () => ({ owners: [], businessUnits: [], sharedWith: [] });
      const reader = { readScope, hiddenColumns: () => [] };
      const xml = `<fetch datasource='bin'><entity name='account'><filter><condition attribute='name' operator='eq' value='Secret'/></filter></entity></fetch>`;
      expect(api.store.fetchXml(xml, { userId: api.userId, access: reader }).rows).to.have.length(0);
      expect(api.store.fetchXml(xml, { userId: api.userId }).rows).to.have.length(1);
    });
    it('is empty for other data sources', () => {
      const xml = encodeURIComponent(`<fetch datasource='retained'><entity name='account'/></fetch>`);
      expect(api.get(`accounts?fetchXml=${xml}`).json.value).to.deep.equal([]);
    });
  });

  describe('Restore', () => {
    let api: WebApiFixture;
    before(() => {
      api = createKeepingOrganization();
    });
    after(() => api.store.close());

    it('restores all values of a row and returns its id', () => {
      const id = api.create('accounts', {
        name: 'Contóso',
        revenue: 900000000000.1234,
        numberofemployees: 5,
      });
      const before = api.get(`accounts(${id})`).json;
      api.clock.now += 60_000;
      api.send('DELETE', `accounts(${id})`);
      const { status, json } = restore(api, `accounts(${id})`);
      expect(status).to.equal(200);
      expect(json).to.deep.equal({
        '@odata.context': `${base}/$metadata#Microsoft.Dynamics.CRM.RestoreResponse`,
        id,
      });
      const after = api.get(`accounts(${id})`).json;
      const changing = { versionnumber: 0, '@odata.etag': '' };
      expect({ ...after, ...changing }).to.deep.equal({ ...before, ...changing });
      expect(restore(api, `accounts(${id})`).json.error.code).to.equal('0x80040217');
    });
    it('replaces the given columns', () => {
      const id = api.create('accounts', { name: 'Contoso', telephone1: '1' });
      api.send('DELETE', `accounts(${id})`);
      const Target = {
        '@odata.type': 'Microsoft.Dynamics.CRM.account',
        accountid: id,
        name: 'Contoso (Restored)',
      };
      expect(api.send('POST', 'Restore', { Target }).json.id).to.equal(id);
      expect(api.get(`accounts(${id})?$select=name,telephone1`).json).to.include({
        name: 'Contoso (Restored)',
        telephone1: '1',
      });
    });
    it('restores the rows that the deletion deleted, and the lookups that it cleared', () => {
      const account = api.create('accounts', { name: 'Contoso' });
      const contact = api.create('contacts', {
        lastname: 'Lind',
        'parentcustomerid_account@odata.bind': `/accounts(${account})`,
      });
      api.send('PATCH', `accounts(${account})`, { 'primarycontactid@odata.bind': `/contacts(${contact})` });
      const note = api.create('annotations', {
        subject: 'N',
        'objectid_account@odata.bind': `/accounts(${account})`,
      });
      const branch = api.create('accounts', {
        name: 'Branch',
        'parentaccountid@odata.bind': `/accounts(${account})`,
      });
      api.send('DELETE', `accounts(${account})`);
      expect(api.get(`contacts(${contact})`).status).to.equal(404);
      expect(restore(api, `accounts(${account})`).status).to.equal(200);
      expect(api.get(`contacts(${contact})`).json._parentcustomerid_value).to.equal(account);
      expect(api.get(`accounts(${account})`).json._primarycontactid_value).to.equal(contact);
      expect(api.get(`annotations(${note})`).json._objectid_value).to.equal(account);
      expect(api.get(`accounts(${branch})`).json._parentaccountid_value).to.equal(account);
    });
    it('restores the pairs of many-to-many relationships', () => {
      const competitor = api.create('competitors', { name: 'Fabrikam' });
      const lead = api.create('leads', { subject: 'L', lastname: 'Lind' });
      const pairs = `competitors(${competitor})/leadcompetitors_association`;
      api.send('POST', `${pairs}/$ref`, { '@odata.id': `${base}/leads(${lead})` });
      expect(api.get(pairs).json.value).to.have.length(1);
      api.send('DELETE', `competitors(${competitor})`);
      restore(api, `competitors(${competitor})`);
      expect(api.get(pairs).json.value).to.have.length(1);
    });
    it('refuses a row that another deletion deleted with its parent', () => {
      const account = api.create('accounts', { name: 'Contoso' });
      const contact = api.create('contacts', {
        lastname: 'Lind',
        'parentcustomerid_account@odata.bind': `/accounts(${account})`,
      });
      api.send('DELETE', `accounts(${account})`);
      const { status, json } = restore(api, `contacts(${contact})`);
      expect(status).to.equal(400);
      expect(json.error).to.deep.equal({
        code: '0x80049959',
        message: `Entity with id '${account}' and logical name 'account' does not exist. We cannot restore the reference 'accountid' that must be restored as part of this Restore call. ValueToBeRestored: ${account}, ReferencedEntityName: account, AttributeName: parentcustomerid`,
      });
      expect(isDeleted(api, 'contact', contact)).to.equal(true);
    });
    it('refuses a row while a row whose lookup it cleared is deleted', () => {
      const parent = api.create('accounts', { name: 'Contoso' });
      const branch = api.create('accounts', {
        name: 'Branch',
        'parentaccountid@odata.bind': `/accounts(${parent})`,
      });
      api.send('DELETE', `accounts(${parent})`);
      api.send('DELETE', `accounts(${branch})`);
      expect(restore(api, `accounts(${parent})`).json.error.code).to.equal('0x80049959');
      restore(api, `accounts(${branch})`);
      expect(restore(api, `accounts(${parent})`).status).to.equal(200);
      expect(api.get(`accounts(${branch})`).json._parentaccountid_value).to.equal(parent);
    });
    it('refuses a row whose id is taken', () => {
      const accountid = api.create('accounts', { name: 'Contoso' });
      api.send('DELETE', `accounts(${accountid})`);
      api.send('POST', 'accounts', { accountid, name: 'Other' });
      const { status, json } = restore(api, `accounts(${accountid})`);
      expect(status).to.equal(412);
      expect(json.error).to.deep.equal({
        code: '0x80049939',
        message: `Please delete the existing conflicting record 'Account' with primary key 'accountid' and primary key value '${accountid}' before attempting restore.`,
      });
    });
    it('keeps the first of two deleted rows with the same id', () => {
      const accountid = api.create('accounts', { name: 'First' });
      api.send('DELETE', `accounts(${accountid})`);
      api.send('POST', 'accounts', { accountid, name: 'Second' });
      api.send('DELETE', `accounts(${accountid})`);
      restore(api, `accounts(${accountid})`);
      expect(api.get(`accounts(${accountid})`).json.name).to.equal('First');
    });
    it('refuses a row whose alternate key is taken', () => {
      api.store.addKey('account', 'number', ['accountnumber']);
      const id = api.create('accounts', { name: 'Contoso', accountnumber: 'A1' });
      api.send('DELETE', `accounts(${id})`);
      api.create('accounts', { name: 'Other', accountnumber: 'A1' });
      const { status, json } = restore(api, `accounts(${id})`);
      expect([status, json.error.code]).to.deep.equal([412, '0x80049929']);
    });
    it('refuses a row whose choice has been removed', () => {
      api.store.addColumn('account', {
        ...{ logicalName: 'new_size', schemaName: 'new_Size', displayName: 'Size', type: 'Picklist' },
        ...{ required: 'None', validForCreate: true, validForUpdate: true },
        options: [1, 2].map((value) => ({ value, label: String(value) })),
      });
      const id = api.create('accounts', { name: 'Contoso', new_size: 2 });
      api.send('DELETE', `accounts(${id})`);
      const option = { EntityLogicalName: 'account', AttributeLogicalName: 'new_size', Value: 2 };
      expect(api.send('POST', 'DeleteOptionValue', option).status).to.equal(204);
      const { status, json } = restore(api, `accounts(${id})`);
      expect([status, json.error.code]).to.deep.equal([400, '0x80049949']);
    });
    it('refuses a user without the privilege to create rows of the table', () => {
      const id = api.create('accounts', { name: 'Contoso' });
      api.send('DELETE', `accounts(${id})`);
      const nobody = api.create('systemusers', { lastname: 'Nobody' });
      const access = new CallerAccess(api.store, nobody);
      const refused = api
        .asCaller({ userId: nobody, access: Object.assign(access, { requireRole: () => {} }) })
        .send('POST', 'Restore', { Target: { '@odata.id': `${base}/accounts(${id})` } });
      expect([refused.status, refused.json.error.code]).to.deep.equal([403, '0x80040220']);
      expect(isDeleted(api, 'account', id)).to.equal(true);
    });
    it('refuses an alternate key as the reference', () => {
      api.store.addKey('account', 'fax', ['fax']);
      expect(restore(api, "accounts(fax='1')").status).to.equal(400);
    });
    it('shows a client that reads changes the row as changed, not as deleted', () => {
      const id = api.create('accounts', { name: 'Contoso' });
      const { json } = api.get('accounts?$select=name', { Prefer: 'odata.track-changes' });
      api.send('DELETE', `accounts(${id})`);
      restore(api, `accounts(${id})`);
      const changes = api.get(json['@odata.deltaLink']).json.value;
      expect(changes).to.have.length(1);
      expect(changes[0]).to.include({ accountid: id, name: 'Contoso' });
    });
    it('restores a row after columns have been added and removed', () => {
      const column = (logicalName: string) => ({
        ...{ logicalName, schemaName: logicalName, displayName: logicalName, type: 'String', maxLength: 10 },
        ...{ required: 'None', validForCreate: true, validForUpdate: true },
      });
      api.store.addColumn('account', column('new_old') as never);
      const id = api.create('accounts', { name: 'Contoso', new_old: 'x' });
      api.send('DELETE', `accounts(${id})`);
      api.store.schema.removeColumn('account', 'new_old');
      api.store.addColumn('account', column('new_new') as never);
      expect(restore(api, `accounts(${id})`).status).to.equal(200);
      expect(api.get(`accounts(${id})`).json).to.include({ name: 'Contoso', new_new: null });
    });
  });

  describe('clean-up', () => {
    const deleteRows = (api: WebApiFixture) => {
      const ids = [api.create('accounts', { name: 'Contoso' }), api.create('contacts', { lastname: 'Lind' })];
      api.send('DELETE', `accounts(${ids[0]})`);
      api.send('DELETE', `contacts(${ids[1]})`);
      return () => [
        fetchDeleted(api, 'account', 'accounts').json.value.length,
        fetchDeleted(api, 'contact', 'contacts').json.value.length,
      ];
    };
    it('loses deleted rows after the days of their table or of the organization', () => {
      const api = createKeepingOrganization();
      api.send('PATCH', `recyclebinconfigs(${configOf(api, 'account')})`, { cleanupintervalindays: 5 });
      const count = deleteRows(api);
      api.clock.now += 5 * dayMs - 1;
      expect(count()).to.deep.equal([1, 1]);
      api.clock.now += 1;
      expect(count()).to.deep.equal([0, 1]);
      api.clock.now += 25 * dayMs;
      expect(count()).to.deep.equal([0, 0]);
    });
    it('never happens when neither the table nor the organization has an interval', () => {
      const api = createWebApiFixture();
      api.create('recyclebinconfigs', bindTable('organization'));
      const count = deleteRows(api);
      api.clock.now += 400 * dayMs;
      expect(count()).to.deep.equal([1, 1]);
    });
  });

  it('is part of snapshots', () => {
    const api = createKeepingOrganization();
    const id = api.create('accounts', { name: 'Contoso' });
    api.send('DELETE', `accounts(${id})`);
    const snapshot = api.store.saveSnapshot();
    restore(api, `accounts(${id})`);
    api.store.restoreSnapshot(snapshot);
    expect(restore(api, `accounts(${id})`).json.id).to.equal(id);
  });

  it('gives back exactly the rows that any deletion took', () => {
    const parents = fc.array(fc.option(fc.nat(5)), { minLength: 1, maxLength: 6 });
    const api = createKeepingOrganization();
    const property = fc.property(parents, parents, fc.nat(5), (accounts, contacts, deleted) => {
      const ids: string[] = [];
      for (const parent of accounts) {
        const at = parent === null ? undefined : ids[parent];
        const lookup = at === undefined ? {} : { 'parentaccountid@odata.bind': `/accounts(${at})` };
        ids.push(api.create('accounts', { name: `A${ids.length}`, ...lookup }));
      }
      for (const parent of contacts) {
        const at = parent === null ? undefined : ids[parent];
        const lookup = at === undefined ? {} : { 'parentcustomerid_account@odata.bind': `/accounts(${at})` };
        api.create('contacts', { lastname: 'C', ...lookup });
      }
      const read = () =>
        [
          api.get('accounts?$select=name,_parentaccountid_value,createdon,modifiedon').json.value,
          api.get('contacts?$select=lastname,_parentcustomerid_value').json.value,
        ].map((rows) => rows.map(({ '@odata.etag': _, ...row }: Record<string, unknown>) => row));
      const before = read();
      const id = ids[deleted % ids.length];
      expect(api.send('DELETE', `accounts(${id})`).status).to.equal(204);
      expect(restore(api, `accounts(${id})`).status).to.equal(200);
      expect(read()).to.deep.equal(before);
    });
    fc.assert(property, { numRuns: 10 });
  });
});
