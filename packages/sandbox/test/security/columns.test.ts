import { expect } from 'chai';
import { createSecurityHarness, type HttpResponse, type HttpUser, type SecurityHarness } from './harness.ts';

const errorOf = ({ status, json }: HttpResponse) => [status, json.error?.code];
const type = 'Microsoft.Dynamics.CRM.';
const columnUrl = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='telephone1')";

describe('column security', () => {
  let harness: SecurityHarness;
  let admin: HttpUser;
  let user: HttpUser;
  let profile: string;
  let account: string;
  before(async () => {
    harness = await createSecurityHarness({
      user: ['Customer Service Representative'],
      other: ['Basic User'],
    });
    admin = harness.admin;
    user = harness.as('user');
    account = await user.create('accounts', { name: 'A', telephone1: '1' });
    const column = await admin.get(`${columnUrl}/${type}StringAttributeMetadata`);
    expect(column.json.IsSecured).to.equal(false);
    const secured = await admin.send('PUT', columnUrl, {
      ...column.json,
      '@odata.type': `${type}StringAttributeMetadata`,
      IsSecured: true,
    });
    expect(secured.status).to.equal(204);
    profile = await admin.create('fieldsecurityprofiles', { name: 'Phones' });
    await admin.send('POST', `systemusers(${user.id})/systemuserprofiles_association/$ref`, {
      '@odata.id': `fieldsecurityprofiles(${profile})`,
    });
  });
  after(() => harness.close());

  const phone = async (who: HttpUser) =>
    (await who.get(`accounts(${account})?$select=telephone1`)).json.telephone1;
  const allow = (rights: object) =>
    admin.create('fieldpermissions', {
      'fieldsecurityprofileid@odata.bind': `fieldsecurityprofiles(${profile})`,
      entityname: 'account',
      attributelogicalname: 'telephone1',
      ...rights,
    });

  it('IsSecured is set by PUT and returned; administrators have a profile with all secured columns', async () => {
    expect((await admin.get(`${columnUrl}?$select=IsSecured`)).json.IsSecured).to.equal(true);
    const permissions = await admin.get(
      'fieldsecurityprofiles(572329c1-a042-4e22-be47-367c6374ea45)/lk_fieldpermission_fieldsecurityprofileid?$select=entityname,attributelogicalname,canread',
    );
    expect(permissions.json.value).to.have.length(1);
    expect(permissions.json.value[0]).to.include({ attributelogicalname: 'telephone1', canread: 4 });
    const notSecurable = await admin.send('PUT', columnUrl.replace('telephone1', 'accountid'), {
      IsSecured: true,
    });
    expect(notSecurable.status).to.equal(400);
  });

  it('without permission the column is null in every read, and no filter finds its value', async () => {
    expect(await phone(admin)).to.equal('1');
    expect(await phone(user)).to.equal(null);
    const list = await user.get('accounts?$select=telephone1');
    expect(list.json.value.map((row: { telephone1: unknown }) => row.telephone1)).to.deep.equal([null]);
    expect((await user.get(`accounts(${account})/telephone1`)).status).to.equal(204);
    expect((await user.get("accounts?$filter=telephone1 eq '1'")).json.value).to.deep.equal([]);
    const fetchXml =
      '<fetch aggregate="true"><entity name="account"><attribute name="telephone1" alias="p" groupby="true"/><attribute name="accountid" alias="n" aggregate="count"/></entity></fetch>';
    const groups = await user.get(`accounts?fetchXml=${encodeURIComponent(fetchXml)}`);
    expect(groups.json.value).to.deep.equal([{ n: 1 }]);
    const changes = await user.get('accounts?$select=telephone1', { prefer: 'odata.track-changes' });
    expect(changes.json.value[0].telephone1).to.equal(null);
    const representation = await user.send(
      'PATCH',
      `accounts(${account})`,
      { name: 'B' },
      { prefer: 'return=representation' },
    );
    expect(representation.json.telephone1).to.equal(null);
  });

  it('writes without permission are 403 with the names of column and table', async () => {
    const update = await user.send('PATCH', `accounts(${account})`, { telephone1: '2' });
    expect(errorOf(update)).to.deep.equal([403, '0x8004f507']);
    expect(update.json.error.message).to.equal(
      `Caller user with Id ${user.id} does not have update permissions to a Main Phone secured field on entity Account. The requested operation could not be completed.`,
    );
    const create = await user.send('POST', 'accounts', { name: 'C', telephone1: '2' });
    expect(errorOf(create)).to.deep.equal([403, '0x8004f502']);
    expect(await phone(admin)).to.equal('1');
  });

  it('a column of one row is shared by principalobjectattributeaccess', async () => {
    const { json } = await admin.get(`${columnUrl}?$select=MetadataId`);
    const share = {
      attributeid: json.MetadataId,
      'objectid_account@odata.bind': `/accounts(${account})`,
      'principalid_systemuser@odata.bind': `/systemusers(${user.id})`,
      readaccess: true,
      updateaccess: false,
    };
    const id = await admin.create('principalobjectattributeaccessset', share);
    expect(errorOf(await admin.send('POST', 'principalobjectattributeaccessset', share))).to.deep.equal([
      400,
      '0x8004f50b',
    ]);
    expect(await phone(user)).to.equal('1');
    expect(
      (await user.get("accounts?$filter=telephone1 eq '1'&$select=telephone1")).json.value,
    ).to.have.length(1);
    const write = () => user.send('PATCH', `accounts(${account})`, { telephone1: '3' });
    expect(errorOf(await write())).to.deep.equal([403, '0x8004f507']);
    await admin.send('PATCH', `principalobjectattributeaccessset(${id})`, { updateaccess: true });
    expect((await write()).status).to.equal(204);
    await admin.send('DELETE', `principalobjectattributeaccessset(${id})`);
    expect(await phone(user)).to.equal(null);
  });

  it('a profile gives read, create and update permissions one by one', async () => {
    const permission = await allow({ canread: 4, cancreate: 0, canupdate: 0 });
    expect(await phone(user)).to.equal('3');
    const { json } = await admin.get(`systemusers(${user.id})/${type}RetrievePrincipalAttributePrivileges()`);
    expect(json.AttributePrivileges).to.have.length(1);
    expect(json.AttributePrivileges[0]).to.include({ CanRead: 4, CanCreate: 0, CanUpdate: 0 });
    expect((await user.send('POST', 'accounts', { name: 'D', telephone1: '1' })).status).to.equal(403);
    await admin.send('PATCH', `fieldpermissions(${permission})`, { cancreate: 4, canupdate: 4 });
    expect((await user.send('POST', 'accounts', { name: 'D', telephone1: '1' })).status).to.equal(204);
    expect((await user.send('PATCH', `accounts(${account})`, { telephone1: '4' })).status).to.equal(204);
    await admin.send('DELETE', `fieldsecurityprofiles(${profile})`);
    expect(await phone(user)).to.equal(null);
  });

  it('a permission for a column that is not secured is refused', async () => {
    const other = await admin.create('fieldsecurityprofiles', { name: 'Other' });
    const refused = await admin.send('POST', 'fieldpermissions', {
      'fieldsecurityprofileid@odata.bind': `fieldsecurityprofiles(${other})`,
      entityname: 'account',
      attributelogicalname: 'fax',
      canread: 4,
    });
    expect(errorOf(refused)).to.deep.equal([400, '0x8004f508']);
  });

  it('unsecuring a column shows its values again and removes its permissions', async () => {
    await admin.send('PUT', columnUrl, { '@odata.type': `${type}StringAttributeMetadata`, IsSecured: false });
    expect(await phone(user)).to.equal('4');
    expect((await admin.get('fieldpermissions')).json.value).to.deep.equal([]);
  });
});
