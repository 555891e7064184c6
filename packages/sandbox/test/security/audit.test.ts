import { expect } from 'chai';
import { createSecurityHarness, type HttpResponse, type HttpUser, type SecurityHarness } from './harness.ts';

const errorOf = ({ status, json }: HttpResponse) => [status, json.error?.code];
const type = 'Microsoft.Dynamics.CRM.';
const formatted = { prefer: 'odata.include-annotations="*"' };

describe('audit', () => {
  let harness: SecurityHarness;
  let admin: HttpUser;
  let user: HttpUser;
  before(async () => {
    harness = await createSecurityHarness({ user: ['Basic User'] });
    admin = harness.admin;
    user = harness.as('user');
  });
  after(() => harness.close());

  const setOrganization = (isauditenabled: boolean) =>
    admin.send('PATCH', `organizations(${harness.sandbox.organization.organizationId})`, { isauditenabled });
  const setTable = (value: boolean) =>
    admin.send('PUT', "EntityDefinitions(LogicalName='account')", { IsAuditEnabled: { Value: value } });
  const auditsOf = async (id: string, options = '') => {
    const { json } = await admin.get(
      `audits?$filter=_objectid_value eq ${id}&$orderby=createdon desc${options}`,
    );
    return json.value;
  };
  const historyOf = async (id: string, paging: object = {}, column?: string) => {
    const target = encodeURIComponent(JSON.stringify({ '@odata.id': `accounts(${id})` }));
    const info = encodeURIComponent(
      JSON.stringify({ PageNumber: 1, Count: 50, ReturnTotalRecordCount: true, ...paging }),
    );
    const call = column
      ? `RetrieveAttributeChangeHistory(Target=@t,AttributeLogicalName=@a,PagingInfo=@p)?@t=${target}&@a='${column}'&@p=${info}`
      : `RetrieveRecordChangeHistory(Target=@t,PagingInfo=@p)?@t=${target}&@p=${info}`;
    return (await admin.get(call)).json.AuditDetailCollection;
  };

  it('changes are recorded only while organization, table and column audit', async () => {
    const account = await admin.create('accounts', { name: 'A' });
    expect(await auditsOf(account)).to.deep.equal([]);
    expect((await setOrganization(true)).status).to.equal(204);
    await admin.send('PATCH', `accounts(${account})`, { name: 'B' });
    expect(await auditsOf(account)).to.deep.equal([]);
    expect((await setTable(true)).status).to.equal(204);
    const { json } = await admin.get("EntityDefinitions(LogicalName='account')?$select=IsAuditEnabled");
    expect(json.IsAuditEnabled.Value).to.equal(true);
    await admin.send('PATCH', `accounts(${account})`, { name: 'C' });
    expect(await auditsOf(account)).to.have.length(1);
    const column = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='fax')";
    const definition = { '@odata.type': `${type}StringAttributeMetadata`, IsAuditEnabled: { Value: false } };
    expect((await admin.send('PUT', column, definition)).status).to.equal(204);
    await admin.send('PATCH', `accounts(${account})`, { fax: '1' });
    expect(await auditsOf(account)).to.have.length(1);
  });

  it('create, update, assign and delete are rows of audits with user, action and operation', async () => {
    const account = await user.create('accounts', { name: 'Audited' });
    await user.send('PATCH', `accounts(${account})`, { name: 'Renamed', telephone1: '1' });
    await user.send('PATCH', `accounts(${account})`, { name: 'Renamed' });
    await user.send('PATCH', `accounts(${account})`, { 'ownerid@odata.bind': `/systemusers(${admin.id})` });
    await admin.send('DELETE', `accounts(${account})`);
    const rows = await auditsOf(account, '&$expand=userid($select=fullname)');
    expect(
      rows.map(({ action, operation, objecttypecode }: Record<string, unknown>) => [
        action,
        operation,
        objecttypecode,
      ]),
    ).to.have.deep.members([
      [1, 1, 'account'],
      [2, 2, 'account'],
      [13, 2, 'account'],
      [3, 3, 'account'],
    ]);
    const created = rows.find(({ operation }: { operation: number }) => operation === 1);
    expect(created).to.include({ _userid_value: user.id, _objectid_value: account });
    expect(created.userid.fullname).to.be.a('string');
    const deletions = await admin.get(
      "audits?$select=_objectid_value,createdon,_userid_value&$filter=operation eq 3 and objecttypecode eq 'account'",
    );
    expect(deletions.json.value.map((row: { _objectid_value: string }) => row._objectid_value)).to.deep.equal(
      [account],
    );
  });

  it('RetrieveAuditDetails returns old and new values with annotations', async () => {
    const parent = await admin.create('accounts', { name: 'A. Datum' });
    const account = await admin.create('accounts', { name: 'Child', telephone1: '1' });
    await admin.send('PATCH', `accounts(${account})`, {
      telephone1: null,
      'parentaccountid@odata.bind': `/accounts(${parent})`,
    });
    const [{ auditid }] = (await auditsOf(account)).filter(
      (row: { operation: number }) => row.operation === 2,
    );
    const { json } = await admin.get(`audits(${auditid})/${type}RetrieveAuditDetails`, formatted);
    expect(json['@odata.context']).to.match(
      /\$metadata#Microsoft\.Dynamics\.CRM\.RetrieveAuditDetailsResponse$/,
    );
    expect(json.AuditDetail).to.deep.equal({
      '@odata.type': '#Microsoft.Dynamics.CRM.AttributeAuditDetail',
      InvalidNewValueAttributes: [],
      LocLabelLanguageCode: 0,
      DeletedAttributes: { Count: 0, Keys: [], Values: [] },
      OldValue: { '@odata.type': '#Microsoft.Dynamics.CRM.account', telephone1: '1' },
      NewValue: {
        '@odata.type': '#Microsoft.Dynamics.CRM.account',
        '_parentaccountid_value@OData.Community.Display.V1.FormattedValue': 'A. Datum',
        '_parentaccountid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentaccountid',
        '_parentaccountid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
        _parentaccountid_value: parent,
      },
    });
  });

  it('RetrieveRecordChangeHistory and RetrieveAttributeChangeHistory page the history, also of a deleted row', async () => {
    const account = await admin.create('accounts', { name: '0' });
    for (const name of ['1', '2', '3']) await admin.send('PATCH', `accounts(${account})`, { name });
    await admin.send('DELETE', `accounts(${account})`);
    const first = await historyOf(account, { Count: 2 });
    expect([first.MoreRecords, first.TotalRecordCount, first.AuditDetails.length]).to.deep.equal([
      true,
      5,
      2,
    ]);
    expect(first.PagingCookie).to.match(/^<cookie page="1">/);
    expect(first.AuditDetails[0].OldValue.name).to.equal('3');
    expect(first.AuditDetails[0].NewValue).to.deep.equal({
      '@odata.type': '#Microsoft.Dynamics.CRM.account',
    });
    const last = await historyOf(account, { Count: 2, PageNumber: 3, PagingCookie: first.PagingCookie });
    expect([last.MoreRecords, last.PagingCookie, last.AuditDetails.length]).to.deep.equal([false, '', 1]);
    const names = await historyOf(account, {}, 'name');
    expect(
      names.AuditDetails.map(({ OldValue, NewValue }: Record<string, { name?: string }>) => [
        OldValue?.name,
        NewValue?.name,
      ]),
    ).to.deep.equal([
      ['3', undefined],
      ['2', '3'],
      ['1', '2'],
      ['0', '1'],
      [undefined, '0'],
    ]);
    const removed = await admin.send('POST', 'DeleteRecordChangeHistory', {
      Target: { '@odata.type': `${type}account`, accountid: account },
    });
    expect(removed.json.DeletedEntriesCount).to.equal(5);
    expect((await historyOf(account)).AuditDetails).to.deep.equal([]);
  });

  it('texts are cut at 5,000 characters', async () => {
    await admin.send('PUT', "EntityDefinitions(LogicalName='annotation')", {
      IsAuditEnabled: { Value: true },
    });
    const note = await admin.create('annotations', { notetext: 'x'.repeat(6000) });
    const [{ auditid }] = await auditsOf(note);
    const { json } = await admin.get(`audits(${auditid})/${type}RetrieveAuditDetails`);
    expect(json.AuditDetail.NewValue.notetext).to.equal(`${'x'.repeat(5000)}…`);
  });

  it('shares are audited; bulk and batch writes have one transaction', async () => {
    const account = await admin.create('accounts', { name: 'Shared' });
    await admin.send('POST', 'GrantAccess', {
      Target: { '@odata.type': `${type}account`, accountid: account },
      PrincipalAccess: {
        Principal: { '@odata.type': `${type}systemuser`, systemuserid: user.id },
        AccessMask: 'ReadAccess',
      },
    });
    const [share] = (await historyOf(account)).AuditDetails;
    expect(share).to.include({ OldPrivileges: 'None', NewPrivileges: 'ReadAccess' });
    expect(share['@odata.type']).to.equal('#Microsoft.Dynamics.CRM.ShareAuditDetail');
    const created = await admin.send('POST', `accounts/${type}CreateMultiple`, {
      Targets: ['1', '2'].map((name) => ({ '@odata.type': `${type}account`, name })),
    });
    const transactions = [];
    for (const id of created.json.Ids) transactions.push((await auditsOf(id))[0].transactionid);
    expect(new Set(transactions).size).to.equal(1);
  });

  it('the log is read-only and needs privileges', async () => {
    expect((await user.get('audits')).json.error.message).to.include('prvReadAuditSummary');
    const [{ auditid }] = (await admin.get('audits?$top=1')).json.value;
    const details = await user.get(`audits(${auditid})/${type}RetrieveAuditDetails`);
    expect(details.json.error.message).to.include('prvReadAuditSummary');
    harness.sandbox.organization.setPrivilege(user.user, 'prvReadAuditSummary', true);
    expect((await user.get('audits?$top=1')).status).to.equal(200);
    const again = await user.get(`audits(${auditid})/${type}RetrieveAuditDetails`);
    expect(again.json.error.message).to.include('prvReadRecordAuditHistory');
    expect(errorOf(await admin.send('POST', 'audits', { action: 1 }))).to.deep.equal([400, '0x80040800']);
    expect(errorOf(await admin.send('DELETE', `audits(${auditid})`))).to.deep.equal([400, '0x80040800']);
  });

  it('an impersonated change names the user and the calling user', async () => {
    const as = { CallerObjectId: user.user.objectId };
    const { id } = await admin.send('POST', 'accounts', { name: 'On behalf' }, as);
    expect((await auditsOf(id))[0]).to.include({ _userid_value: user.id, _callinguserid_value: admin.id });
    await setOrganization(false);
    await admin.send('PATCH', `accounts(${id})`, { name: 'Not recorded' });
    expect(await auditsOf(id)).to.have.length(1);
  });
});
