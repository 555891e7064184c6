import { expect } from 'chai';
import { createSecurityHarness, type HttpUser, type SecurityHarness } from './harness.ts';

const formatted = { prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"' };
const annotation = '@OData.Community.Display.V1.FormattedValue';

describe('user settings', () => {
  let harness: SecurityHarness;
  let admin: HttpUser;
  let user: HttpUser;
  let account: string;
  before(async () => {
    harness = await createSecurityHarness({ user: ['Basic User'] });
    admin = harness.admin;
    user = harness.as('user');
    account = await user.create('accounts', { name: 'A', creditlimit: 1234567.5, numberofemployees: 12345 });
    await user.send('PATCH', `accounts(${account})`, { lastonholdtime: '2024-07-01T22:30:00Z' });
  });
  after(() => harness.close());

  const texts = async (who: HttpUser) => {
    const { json } = await who.get(
      `accounts(${account})?$select=creditlimit,numberofemployees,lastonholdtime`,
      formatted,
    );
    return [
      json[`creditlimit${annotation}`],
      json[`numberofemployees${annotation}`],
      json[`lastonholdtime${annotation}`],
    ];
  };
  const set = (values: object) => user.send('PATCH', `usersettingscollection(${user.id})`, values);

  it('formatted values follow the date, time and number formats and the time zone of the caller', async () => {
    expect(await texts(user)).to.deep.equal(['€1,234,567.50', '12,345', '7/1/2024 10:30 PM']);
    const changed = await set({
      timezonecode: 110,
      dateformatstring: 'dd/MM/yyyy',
      dateseparator: '.',
      timeformatstring: 'HH:mm',
      decimalsymbol: ',',
      numberseparator: '.',
      currencyformatcode: 3,
    });
    expect(changed.status).to.equal(204);
    expect(await texts(user)).to.deep.equal(['1.234.567,50 €', '12.345', '02.07.2024 00:30']);
    expect(await texts(admin)).to.deep.equal(['€1,234,567.50', '12,345', '7/1/2024 10:30 PM']);
    const { json } = await user.get(`usersettingscollection(${user.id})?$select=timezonebias`);
    expect(json.timezonebias).to.equal(-60);
  });

  it('FetchXML uses the formats of the caller too; impersonation those of the impersonated user', async () => {
    const fetchXml = '<fetch><entity name="account"><attribute name="lastonholdtime"/></entity></fetch>';
    const { json } = await user.get(`accounts?fetchXml=${encodeURIComponent(fetchXml)}`, formatted);
    expect(json.value[0][`lastonholdtime${annotation}`]).to.equal('02.07.2024 00:30');
    const as = { ...formatted, CallerObjectId: user.user.objectId };
    const impersonated = await admin.get(`accounts(${account})?$select=lastonholdtime`, as);
    expect(impersonated.json[`lastonholdtime${annotation}`]).to.equal('02.07.2024 00:30');
  });

  it('an unknown time zone and a language that is not provisioned are refused', async () => {
    expect((await set({ timezonecode: 9999 })).json.error.code).to.equal('0x800608f7');
    expect((await set({ uilanguageid: 1031 })).json.error.code).to.equal('0x80044195');
  });

  it('a user changes only its own settings', async () => {
    const foreign = await user.send('PATCH', `usersettingscollection(${admin.id})`, { paginglimit: 100 });
    expect([foreign.status, foreign.json.error.code]).to.deep.equal([403, '0x80048306']);
  });

  it('a new user has settings', async () => {
    const id = await admin.create('systemusers', { firstname: 'New', lastname: 'User' });
    const { json } = await admin.get(`usersettingscollection(${id})?$select=timezonecode,uilanguageid`);
    expect([json.timezonecode, json.uilanguageid]).to.deep.equal([92, 1033]);
  });
});

describe('time zones', () => {
  let harness: SecurityHarness;
  before(async () => {
    harness = await createSecurityHarness({});
  });
  after(() => harness.close());
  const call = async (path: string) => (await harness.admin.get(path)).json;

  it('LocalTimeFromUtcTime and UtcTimeFromLocalTime apply daylight saving time of the date', async () => {
    const local = async (utc: string, code = 110) =>
      (await call(`LocalTimeFromUtcTime(TimeZoneCode=${code},UtcTime=@t)?@t=${utc}`)).LocalTime;
    expect(await local('2024-01-15T12:00:00Z')).to.equal('2024-01-15T13:00:00Z');
    expect(await local('2024-07-15T12:00:00Z')).to.equal('2024-07-15T14:00:00Z');
    expect(await local('2024-07-15T12:00:00Z', 190)).to.equal('2024-07-15T17:30:00Z');
    const utc = async (time: string) =>
      (await call(`UtcTimeFromLocalTime(TimeZoneCode=35,LocalTime=@t)?@t=${time}`)).UtcTime;
    expect(await utc('2024-03-10T01:30:00Z')).to.equal('2024-03-10T06:30:00Z');
    expect(await utc('2024-03-10T03:30:00Z')).to.equal('2024-03-10T07:30:00Z');
    expect(await utc('2024-11-03T12:00:00Z')).to.equal('2024-11-03T17:00:00Z');
    const unknown = await harness.admin.get(
      'LocalTimeFromUtcTime(TimeZoneCode=999,UtcTime=2024-01-15T12:00:00Z)',
    );
    expect(unknown.json.error.code).to.equal('0x800608f7');
  });

  it('GetTimeZoneCodeByLocalizedName finds a zone; GetAllTimeZonesWithDisplayName lists all', async () => {
    const found = await call(
      "GetTimeZoneCodeByLocalizedName(LocalizedStandardName='W. Europe Standard Time',LocaleId=1033)",
    );
    expect(found.TimeZoneCode).to.equal(110);
    const { value } = await call('GetAllTimeZonesWithDisplayName(LocaleId=1033)');
    expect(value.find((zone: { timezonecode: number }) => zone.timezonecode === 4)).to.include({
      standardname: 'Pacific Standard Time',
      userinterfacename: '(GMT-08:00) Pacific Time (US & Canada)',
    });
    const rows = await call("timezonedefinitions?$filter=standardname eq 'India Standard Time'");
    expect(rows.value[0]).to.include({ timezonecode: 190, bias: -330 });
  });
});
