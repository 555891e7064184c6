import { expect } from 'chai';
import { createSandbox, type Sandbox } from '../../src/index.ts';

interface View {
  readonly savedqueryid: string;
  readonly name: string;
  readonly isdefault: boolean;
  readonly returnedtypecode: string;
}

describe('new organization', () => {
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await createSandbox();
  });
  after(() => sandbox.close());

  const get = async <T>(path: string) => {
    const response = await fetch(`${sandbox.organization.origin}/api/data/v9.2/${path}`, {
      headers: { authorization: `Bearer ${sandbox.issueToken()}` },
    });
    return { status: response.status, ...((await response.json()) as { value: readonly T[] }) };
  };
  const listViews = (table: string) =>
    get<View>(
      `savedqueries?$select=name,isdefault,returnedtypecode&$filter=returnedtypecode eq '${table}' and querytype eq 0`,
    );

  it('users that the platform added have no choices that only a form sets', async () => {
    const { value } = await get<Record<string, unknown>>('systemusers?$top=1');
    expect(value[0]).to.include({
      preferredaddresscode: null,
      address1_shippingmethodcode: null,
      displayinserviceviews: null,
      accessmode: 0,
      islicensed: true,
    });
  });

  it('has the disabled users SYSTEM and INTEGRATION, after all others', async () => {
    const { value } = await get<Record<string, unknown>>(
      'systemusers?$select=fullname,firstname,lastname,domainname,internalemailaddress,isdisabled,islicensed,accessmode',
    );
    const last = value.slice(-2).map(({ fullname }) => fullname);
    expect(last).to.have.members(['SYSTEM', 'INTEGRATION']);
    for (const user of value.slice(-2))
      expect(user).to.include({
        firstname: '',
        lastname: user.fullname,
        domainname: '',
        internalemailaddress: null,
        isdisabled: true,
        islicensed: false,
        accessmode: 3,
      });
  });

  it('has a default team with all users of the root business unit', async () => {
    const { value: teams } = await get<Record<string, unknown>>('teams?$filter=isdefault eq true');
    const { value: units } = await get<Record<string, unknown>>('businessunits?$select=name');
    expect(teams.map(({ name }) => name)).to.deep.equal(units.map(({ name }) => name));
    const { value: members } = await get<Record<string, unknown>>(
      `teams(${teams[0]?.teamid})/teammembership_association?$select=fullname`,
    );
    const names = members.map(({ fullname }) => fullname);
    expect(names).to.include.members(['SYSTEM', 'INTEGRATION', '# Sandbox connector']);
  });

  it('every organization has the public views of its tables, one of them the default', async () => {
    const { value } = await listViews('account');
    expect(value.map(({ name, isdefault }) => [name, isdefault])).to.have.deep.members([
      ['My Active Accounts', false],
      ['Active Accounts', true],
      ['Inactive Accounts', false],
    ]);
    const cases = await listViews('incident');
    expect(cases.value.map(({ name }) => name)).to.include.members(['Active Cases', 'Resolved Cases']);
  });

  it('savedQuery returns the rows of a view', async () => {
    const { value } = await listViews('incident');
    for (const [name, state] of [
      ['Active Cases', 0],
      ['Resolved Cases', 1],
    ] as const) {
      const view = value.find((each) => each.name === name);
      const { value: rows } = await get<object>(`incidents?savedQuery=${view?.savedqueryid}`);
      const { value: expected } = await get<object>(`incidents?$select=title&$filter=statecode eq ${state}`);
      expect(rows).to.have.length(expected.length).above(0);
    }
  });

  it('all public and lookup views run', async () => {
    const { value: definitions } = await get<{ LogicalName: string; EntitySetName: string }>(
      'EntityDefinitions?$select=LogicalName,EntitySetName',
    );
    const sets = new Map(definitions.map(({ LogicalName, EntitySetName }) => [LogicalName, EntitySetName]));
    const { value } = await get<View>('savedqueries?$select=name,returnedtypecode&$filter=querytype ne 4');
    expect(value.length).to.be.above(50);
    for (const { savedqueryid, name, returnedtypecode } of value) {
      const { status } = await get(`${sets.get(returnedtypecode)}?savedQuery=${savedqueryid}`);
      expect(status, name).to.equal(200);
    }
  });

  it('every member has user settings under its own id', async () => {
    const { organization, users } = sandbox;
    const userId = users[0] && organization.findSystemUserId(users[0]);
    const columns = '$select=uilanguageid,localeid,timezonecode';
    expect(await get(`usersettingscollection(${userId})?${columns}`)).to.include({
      systemuserid: userId,
      uilanguageid: 1033,
      timezonecode: 92,
    });
  });

  it('the ids of views are the same in each organization', async () => {
    const { value } = await listViews('account');
    const view = value.find(({ name }) => name === 'Active Accounts');
    expect(view?.savedqueryid).to.equal('00000000-0000-0000-00aa-000010001002');
  });
});
